"""Codes that travel inside answers: of blockers, risks and the ends of steps."""

from typing import NamedTuple

from onebox.errors.chain_codes import CHAIN_CODES


class CatalogueEntry(NamedTuple):
    """One row of the error catalogue; `http_status` is None where a code never stands alone."""

    code: str
    http_status: int | None
    meaning: str
    fix: str


_TABLE: tuple[tuple[str, str, str], ...] = (
    (
        "FIELDS_MISSING",
        "The plan lacks something that the sentence did not say.",
        "Say it and plan again; the message names it.",
    ),
    (
        "PARAM_INVALID",
        "A value of the plan is not one that the tool accepts.",
        "Use a value that the message allows and plan again.",
    ),
    (
        "NO_STEPS",
        "The plan has no steps: OneBox does not do what the sentence asks.",
        "Ask for something that OneBox does: post, apply, submit, validate, finalize, stake.",
    ),
    (
        "OVER_BUDGET",
        "The plan may move more than the tenant's daily maximum.",
        "Lower the amounts, or ask governance to raise dailyMax.",
    ),
    (
        "BUDGET_DAILY_EXCEEDED",
        "The plan may move more than is left of today's maximum.",
        "Lower the amounts or try again after 00:00 UTC.",
    ),
    (
        "BUDGET_REQUIRED",
        "The plan needs an escrow but has no budget.",
        "Stake the minimum AGIALPHA, or name a reward above zero.",
    ),
    (
        "JOB_BUDGET_CAP_EXCEEDED",
        "The job costs more than the organisation allows for one job.",
        "Lower the reward below the organisation's cap.",
    ),
    (
        "JOB_DEADLINE_CAP_EXCEEDED",
        "The job lasts longer than the organisation allows.",
        "Choose a shorter deadline.",
    ),
    (
        "TOOL_NOT_ALLOWED",
        "The tenant's policy does not allow the tool.",
        "Ask governance to allow the tool, or leave the step out.",
    ),
    (
        "TOOL_UNKNOWN",
        "No such tool is in the contract with ICS.",
        "Use a tool that GET /onebox/tools lists.",
    ),
    (
        "NOT_YET_SUPPORTED",
        "The tool is in the contract, but its handler is not built yet.",
        "Do it by hand for now; GET /onebox/tools says what works.",
    ),
    (
        "ENS_REQUIRED",
        "A vote needs the validator's ENS subdomain, and neither text nor token names one.",
        "Add 'as <name>.club.agi.eth' to the sentence.",
    ),
    (
        "TXMODE_UNSUPPORTED",
        "The road for transactions does not work yet.",
        "Leave meta.txMode out, or use direct.",
    ),
    (
        "APPROVAL_REQUIRED",
        "The plan needs a person's approval before it runs.",
        "Have an approver approve the plan.",
    ),
    (
        "INSUFFICIENT_BALANCE",
        "The signer does not hold enough AGIALPHA.",
        "Top up the signer's AGIALPHA and try again.",
    ),
    (
        "INSUFFICIENT_ALLOWANCE",
        "The stake manager may not move enough of the signer's AGIALPHA.",
        "Approve AGIALPHA for the stake manager and try again.",
    ),
    (
        "ENS_MISMATCH",
        "The ENS subdomain is not one that this signer may use.",
        "Check the ENS name and who it is registered for.",
    ),
    (
        "UNKNOWN_REVERT",
        "The chain refused the call for a reason we do not know.",
        "Check the parameters against the message and try again.",
    ),
    (
        "RPC_TIMEOUT",
        "The chain's endpoint did not answer in time.",
        "Try again, or use another provider.",
    ),
    (
        "CONFIRMATION_REJECTED",
        "A person said no to the step.",
        "Read the comment; plan again when the matter is settled.",
    ),
    (
        "OUTCOME_UNKNOWN",
        "The step was sent and its outcome is not known.",
        "Do not repeat it by hand; OneBox keeps asking.",
    ),
    (
        "DEADLINE_PASSED",
        "The job's deadline and grace passed before this could happen.",
        "Bring the escrow home: Reclaim job <id>.",
    ),
    (
        "VALIDATION_REJECTED",
        "The validators counted the vote against the work.",
        "Dispute it with a reason: Dispute job <id> because ...",
    ),
    (
        "NOT_SELECTED",
        "The signer is not in the committee of this job.",
        "Validate a job whose committee includes you.",
    ),
    (
        "FENCED",
        "The call was fenced before it arrived, so it never ran.",
        "Replay the run; the step is sent again under a new key.",
    ),
    (
        "NOT_AFTER_PASSED",
        "The call arrived too late to be run.",
        "Replay the run; the step is sent again under a new key.",
    ),
    (
        "OUTCOME_MISMATCH",
        "The asserted outcome is not the one on the chain.",
        "Read the job's state and say the outcome that it has.",
    ),
    (
        "RECEIPT_MISMATCH",
        "A step moved other tokens than its simulation promised.",
        "Check the receipt's transactions on the chain, and report it before you run more plans.",
    ),
    (
        "MODERATION_REJECTED",
        "The job's words are banned.",
        "Reword what the line names and plan again.",
    ),
    (
        "BURN_RECEIPTS_UNSUPPORTED",
        "The chain wants burn receipts, which OneBox does not file yet.",
        "Use a chain whose burnPct is 0.",
    ),
    (
        "KEY_REUSED",
        "The same key was used with another digest.",
        "Report it: keys are never reused by OneBox.",
    ),
    (
        "STEP_SKIPPED",
        "The step did not run because an earlier one failed or the run was cancelled.",
        "Replay the run.",
    ),
)

CODES: dict[str, CatalogueEntry] = {
    code: CatalogueEntry(code, None, meaning, fix) for code, meaning, fix in (*_TABLE, *CHAIN_CODES)
}


def fix_of(code: str) -> str:
    """The usual fix of a blocker or step code; a general one for a code of the chain's own."""
    return CODES.get(code, CODES["UNKNOWN_REVERT"]).fix
