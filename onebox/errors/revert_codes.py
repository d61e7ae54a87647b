"""Codes of refusals about tokens, stake, terms or the caller: (code, meaning, usual fix).

One a custom error or revert text; `ics/src/explained.ts` says the same with a call's own facts.
"""

REVERT_CODES: tuple[tuple[str, str, str], ...] = (
    (
        "ERC20_INVALID_APPROVER",
        "The token refuses approvals of this address.",
        "Only the contracts call this; use the tools of GET /onebox/tools.",
    ),
    (
        "ERC20_INVALID_RECEIVER",
        "The token cannot be sent to this address.",
        "Name another receiver.",
    ),
    (
        "ERC20_INVALID_SENDER",
        "The token cannot be taken from this address.",
        "Only the contracts call this; use the tools of GET /onebox/tools.",
    ),
    (
        "ERC20_INVALID_SPENDER",
        "The token cannot be approved to this address.",
        "Only the contracts call this; use the tools of GET /onebox/tools.",
    ),
    (
        "SAFE_ERC20_FAILED_OPERATION",
        "The token did not do what it was told.",
        "Ask governance to look at the token.",
    ),
    (
        "REWARD_TOO_HIGH",
        "The reward is above the largest that the chain allows.",
        "Choose a smaller reward.",
    ),
    (
        "REWARD_OVERFLOW",
        "The reward is larger than the chain can count.",
        "Choose a smaller reward.",
    ),
    (
        "JOB_PARAMETERS_UNSET",
        "The chain's job registry is not set up.",
        "Ask governance to set the chain up.",
    ),
    ("INVALID_SPEC_HASH", "The specification hash is zero.", "Pin the specification first."),
    (
        "INVALID_PERCENTAGES",
        "The percentages are above 100, alone or together.",
        "Choose smaller ones: together at most 100.",
    ),
    (
        "INSUFFICIENT_AGENT_STAKE",
        "The agent has too little staked.",
        "Deposit stake as an agent first.",
    ),
    (
        "INSUFFICIENT_STAKE",
        "Less is staked than this needs.",
        "Deposit more stake first, or withdraw less.",
    ),
    (
        "INSUFFICIENT_LOCKED",
        "Running jobs lock a part of this stake.",
        "Withdraw less, or wait until the jobs have ended.",
    ),
    (
        "BELOW_MINIMUM_STAKE",
        "The stake would be below the minimum of its role.",
        "Deposit more, or withdraw all of it.",
    ),
    (
        "MAX_STAKE_EXCEEDED",
        "The stake would be above the largest that the chain allows.",
        "Choose a smaller amount.",
    ),
    (
        "INVALID_AMOUNT",
        "The amount is zero, or there is nothing to move.",
        "Choose an amount above zero.",
    ),
    ("INVALID_ROLE", "The chain knows no such role.", "Stake as agent, validator or platform."),
    ("NO_STAKE", "Nothing is staked in this role.", "Choose the role that the stake is in."),
    ("ONLY_EMPLOYER", "Only the employer of the job may do this.", "Act as the job's employer."),
    ("ONLY_AGENT", "Only the agent of the job may do this.", "Act as the job's agent."),
    (
        "ONLY_PARTICIPANT",
        "Only the employer or the agent of the job may do this.",
        "Act as one of the two.",
    ),
    (
        "ONLY_VALIDATION_MODULE",
        "Only the validation module may do this.",
        "Only the contracts call this; use the tools of GET /onebox/tools.",
    ),
    (
        "ONLY_DISPUTE_MODULE",
        "Only the dispute module may do this.",
        "Only the contracts call this; use the tools of GET /onebox/tools.",
    ),
    (
        "ONLY_JOB_REGISTRY",
        "Only the job registry may do this.",
        "Only the contracts call this; use the tools of GET /onebox/tools.",
    ),
    (
        "ONLY_STAKE_MANAGER",
        "Only the stake manager may do this.",
        "Only the contracts call this; use the tools of GET /onebox/tools.",
    ),
    ("NOT_GOVERNANCE", "This signer is not the contracts' owner.", "Act as governance."),
    ("OWNABLE_UNAUTHORIZED_ACCOUNT", "This signer does not own the contract.", "Act as its owner."),
    (
        "OWNABLE_INVALID_OWNER",
        "The contract cannot be given to this address.",
        "Name another owner.",
    ),
    (
        "BURN_EVIDENCE_INCOMPLETE",
        "The chain wants a burn receipt first.",
        "OneBox files none yet: use a chain whose burnPct is 0.",
    ),
    (
        "INVALID_BURN_RECEIPT",
        "The burn receipt is not valid.",
        "OneBox files none yet: use a chain whose burnPct is 0.",
    ),
    ("TOKEN_NOT_BURNABLE", "The token cannot be burnt.", "Ask governance to set the chain up."),
    (
        "INSUFFICIENT_ESCROW",
        "The job holds no escrow, or another one than it should.",
        "Look at the job with GET /jobs/{id}; its escrow may have gone home already.",
    ),
    (
        "INSUFFICIENT_REWARD_POOL",
        "The pool for agents' boosts is empty.",
        "Ask governance to fill it.",
    ),
    (
        "INVALID_TREASURY",
        "The chain has no treasury to send to.",
        "Ask governance to set the chain up.",
    ),
    (
        "TAX_POLICY_NOT_ACKNOWLEDGED",
        "This signer has not acknowledged the tax policy.",
        "Acknowledge the tax policy on the job registry once.",
    ),
    ("ENFORCED_PAUSE", "The contracts are paused.", "Wait until governance lets them run again."),
    ("EXPECTED_PAUSE", "The contracts are not paused.", "Nothing is left to do."),
    (
        "REENTRANCY_GUARD_REENTRANT_CALL",
        "The contract was called from within itself.",
        "Only the contracts call this; use the tools of GET /onebox/tools.",
    ),
)
