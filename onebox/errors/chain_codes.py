"""Codes that come from ICS, its handlers and the contracts: (code, meaning, usual fix)."""

from onebox.errors.job_codes import JOB_CODES
from onebox.errors.revert_codes import REVERT_CODES

_AGAIN = "Check the parameters and the job's state, then plan again."
_REPORT = "Report it with the trace id: OneBox should not have sent this."

CHAIN_CODES: tuple[tuple[str, str, str], ...] = (
    *REVERT_CODES,
    *JOB_CODES,
    ("CHAIN_CHANGED", "The chain is not the one of our records.", "Point ICS at the right chain."),
    (
        "CHAIN_ROLLED_BACK",
        "The chain is behind our records.",
        "Wait until the chain has caught up; nothing new is started before.",
    ),
    (
        "JOURNAL_UNAVAILABLE",
        "The journal of ICS takes nothing in.",
        "Make room on its disk; what was under way goes on by itself.",
    ),
    ("CONFIRM_REQUIRED", "An intent came without confirm.", _REPORT),
    ("AFTER_INVALID", "A confirmed intent named a dry run that it comes after.", _REPORT),
    ("AFTER_UNKNOWN", "ICS does not remember the dry run that this one comes after.", "Try again."),
    (
        "AFTER_TOO_LONG",
        "More calls come before the step than one simulated block holds.",
        "Nothing is wrong: the step is dry-run again right before it is sent.",
    ),
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
    (
        "REQUEST_EXPIRED",
        "A relayed request reached the chain after its time.",
        "See that the chain takes transactions, then replay the run.",
    ),
    ("FAUCET_LOCAL_ONLY", "The faucet works on the local chain only.", "Fund the signer yourself."),
    ("JOB_NOT_FOUND", "There is no such job on the chain.", "Check the job id."),
    ("JOB_CANCELLED", "The job was cancelled.", "Choose another job."),
)
