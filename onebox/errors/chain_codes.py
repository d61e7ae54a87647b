"""Codes that come from ICS, its handlers and the contracts: (code, meaning, usual fix)."""

_AGAIN = "Check the parameters and the job's state, then plan again."
_REPORT = "Report it with the trace id: OneBox should not have sent this."
_WINDOW = "Wait for the turn, then act within the window."

CHAIN_CODES: tuple[tuple[str, str, str], ...] = (
    ("CHAIN_CHANGED", "The chain is not the one of our records.", "Point ICS at the right chain."),
    (
        "CHAIN_ROLLED_BACK",
        "The chain is behind our records.",
        "Wait until the chain has caught up; nothing new is started before.",
    ),
    ("CONFIRM_REQUIRED", "An intent came without confirm.", _REPORT),
    ("KEY_REQUIRED", "An intent came without its key or digests.", _REPORT),
    ("RULES_REQUIRED", "A call came without the rules that it was admitted under.", _REPORT),
    (
        "POLICY_UNKNOWN",
        "ICS has never run under the policy that the run was admitted with.",
        "Start OneBox and ICS on the same policy files, then plan again.",
    ),
    (
        "FEES_CHANGED",
        "The fees are not those that the job was planned with.",
        "Plan again under the fees of today.",
    ),
    ("PLAN_RULES_CHANGED", "A plan's calls name different tenants or maxima.", _REPORT),
    ("VERDICT_REQUIRED", "A money intent came without the reference of a verdict.", _REPORT),
    ("INTENT_INVALID", "ICS does not accept the intent's params.", _AGAIN),
    ("ICS_REFUSED", "ICS refused the request before it ran.", _AGAIN),
    ("DEADLINE_AT_REQUIRED", "A job was to be posted without its instant of deadline.", _REPORT),
    ("HANDLER_OUTPUT_LIMIT", "The handler sent more lines than a step may.", _REPORT),
    ("RUN_INTERRUPTED", "The run's workflow ended outside OneBox.", "Replay the run."),
    ("NONCE_TAKEN", "Another transaction took the signer's nonce.", "Replay the run."),
    ("FAUCET_LOCAL_ONLY", "The faucet works on the local chain only.", "Fund the signer yourself."),
    ("JOB_NOT_FOUND", "There is no such job on the chain.", "Check the job id."),
    ("JOB_CANCELLED", "The job was cancelled.", "Choose another job."),
    ("INVALID_JOB_STATE", "The job's state does not allow this.", _AGAIN),
    ("NOT_OPEN", "The job is not open: somebody took it, or it ended.", "Choose an open job."),
    ("ONLY_EMPLOYER", "Only the employer of the job may do this.", "Act as the job's employer."),
    ("ONLY_AGENT", "Only the agent of the job may do this.", "Act as the job's agent."),
    ("NOT_VALIDATOR", "The signer is not in the job's committee.", "Only chosen validators vote."),
    ("COMMIT_PHASE_ACTIVE", "The commit window is still open.", _WINDOW),
    ("COMMIT_PHASE_CLOSED", "The commit window is not open.", _WINDOW),
    ("REVEAL_PHASE_CLOSED", "The reveal window is over.", "The vote can no longer be shown."),
    (
        "INSUFFICIENT_AGENT_STAKE",
        "The agent has too little staked.",
        "Deposit stake as an agent first.",
    ),
    (
        "INSUFFICIENT_STAKE",
        "The stake is too small for the job's lock.",
        "Deposit more stake first.",
    ),
    ("REWARD_TOO_HIGH", "The reward is above the chain's maximum.", "Choose a smaller reward."),
    ("ENFORCED_PAUSE", "The contracts are paused.", "Wait until governance lets them run again."),
)
