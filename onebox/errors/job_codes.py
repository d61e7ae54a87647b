"""Codes of refusals about a job, its vote or its dispute: (code, meaning, usual fix).

One a custom error or revert text; `ics/src/explained.ts` says the same with a call's own facts.
"""

JOB_CODES: tuple[tuple[str, str, str], ...] = (
    (
        "DEADLINE_INVALID",
        "The deadline is not after the present block.",
        "Choose a deadline after now and within the chain's longest duration.",
    ),
    (
        "DEADLINE_NOT_REACHED",
        "The job's deadline and grace have not passed yet.",
        "Reclaim the job after its deadline and grace.",
    ),
    (
        "CANNOT_EXPIRE",
        "Only a job that an agent took and did not deliver can be reclaimed.",
        "Cancel a job that nobody took; finalize one that was judged.",
    ),
    (
        "AGENT_TYPE_NOT_ALLOWED",
        "The job is for another type of agent.",
        "Choose a job that is open to this agent.",
    ),
    ("BLACKLISTED_AGENT", "This agent is excluded from jobs.", "Ask governance why."),
    ("BLACKLISTED_EMPLOYER", "This employer is excluded from posting jobs.", "Ask governance why."),
    ("NOT_OPEN", "The job is not open: somebody took it, or it ended.", "Choose an open job."),
    (
        "INVALID_JOB_STATE",
        "The job's state does not allow this.",
        "Check the parameters and the job's state, then plan again.",
    ),
    ("NOT_SUBMITTED", "No work was handed in for the job.", "Wait until the agent submits."),
    (
        "JOB_NOT_SUBMITTED",
        "No work was handed in for the job yet.",
        "Wait until the agent submits.",
    ),
    (
        "NOT_READY",
        "It is too early for this: the committee is not chosen yet.",
        "Wait for validator.quorum: it makes the calls that are due.",
    ),
    (
        "CANNOT_CANCEL",
        "An agent took the job, so it cannot be cancelled.",
        "Reclaim it after deadline and grace if no work comes.",
    ),
    (
        "CANNOT_DISPUTE",
        "The job has no outcome that could be disputed.",
        "Dispute a job after its vote was counted and before it is finalized.",
    ),
    (
        "EVIDENCE_MISSING",
        "A dispute needs a reason or evidence.",
        "Say why: Dispute job <id> because ...",
    ),
    (
        "MAX_ACTIVE_JOBS_REACHED",
        "The agent has as many jobs as the chain allows.",
        "End a running job first.",
    ),
    (
        "NOT_VALIDATOR",
        "This signer is not in the committee of the job.",
        "Only chosen validators may vote.",
    ),
    (
        "COMMIT_PHASE_ACTIVE",
        "The commit window is still open, or no committee was chosen.",
        "Wait for the turn with validator.turn, then act within the window.",
    ),
    (
        "COMMIT_PHASE_CLOSED",
        "The commit window is not open.",
        "Wait for the turn with validator.turn, then act within the window.",
    ),
    ("REVEAL_PHASE_CLOSED", "The reveal window is over.", "The vote can no longer be shown."),
    (
        "COMMIT_MISSING",
        "This validator committed no vote.",
        "Only a committed vote can be revealed.",
    ),
    ("ALREADY_COMMITTED", "This validator has committed already.", "Reveal the vote in its turn."),
    ("ALREADY_REVEALED", "This validator has revealed already.", "Nothing is left to do."),
    (
        "INVALID_REVEAL",
        "The vote differs from the committed one.",
        "Reveal the same vote that was committed.",
    ),
    (
        "REVEAL_PENDING",
        "Votes may still be revealed, or the grace after them has not passed.",
        "Wait for validator.quorum: it makes the calls that are due.",
    ),
    ("ALREADY_TALLIED", "The vote was counted already.", "Read the outcome and finalize the job."),
    (
        "VALIDATOR_POOL_TOO_SMALL",
        "The chain has too few validators for a committee.",
        "Ask governance to admit more validators.",
    ),
    (
        "VALIDATORS_ALREADY_SELECTED",
        "The committee was chosen already.",
        "Wait for validator.quorum: it makes the calls that are due.",
    ),
    (
        "INSUFFICIENT_VALIDATORS",
        "Too few validators have stake, or have revealed.",
        "Wait for validator.quorum: it makes the calls that are due.",
    ),
    ("VALIDATOR_BANNED", "This validator is banned for a while.", "Wait until the ban ends."),
    (
        "ALREADY_DISPUTED",
        "The job was disputed already, and can be once.",
        "Wait for the moderator's resolution, then finalize the job.",
    ),
    ("NO_DISPUTE", "The job has no open dispute.", "Raise one first: Dispute job <id> because ..."),
    (
        "DISPUTE_WINDOW_OPEN",
        "The dispute is too young to be decided.",
        "Wait until its window has passed.",
    ),
)
