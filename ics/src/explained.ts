import { formatAmount } from './money.ts'

/** What to say of one custom error of the contracts, and its code where that is not the name; `args` are those of the error. */
export type Explained = { code?: string; say: (args: readonly unknown[]) => string; fix: string }

/** The way out where nothing better is known. */
export const AGAIN = "Check the parameters and the job's state, then plan again."
/** The way out for a signer without means. */
export const TOP_UP = 'Top up the signer; on the local chain the faucet funds it when its token is made.'
const ENS = 'Use the ENS label that is registered for this signer, with its proof where one is needed.'
const DEADLINE = "Choose a deadline after now and within the chain's longest duration."
const WINDOW = 'Wait for the turn with validator.turn, then act within the window.'
const VOTE = 'Wait for validator.quorum: it makes the calls that are due.'
const INSIDE = 'Only the contracts call this; use the tools of GET /onebox/tools.'
const GOVERN = 'Ask governance to set the chain up.'

const say = (sentence: string, fix = AGAIN, code?: string): Explained => ({
  ...(code !== undefined && { code }),
  say: () => sentence,
  fix,
})
const amount = (value: unknown) => (typeof value === 'bigint' ? formatAmount(value) : '?')

/** Every custom error of the contracts and of the libraries they are made of, by name (domain.md 6.6). */
export const EXPLAINED: Record<string, Explained> = {
  // Tokens
  ERC20InsufficientBalance: {
    code: 'INSUFFICIENT_BALANCE',
    say: ([, held, needed]) => `The signer holds ${amount(held)} AGIALPHA and needs ${amount(needed)}.`,
    fix: TOP_UP,
  },
  ERC20InsufficientAllowance: {
    code: 'INSUFFICIENT_ALLOWANCE',
    say: ([, allowed, needed]) => `The stake manager may take ${amount(allowed)} AGIALPHA and needs ${amount(needed)}.`,
    fix: 'Run the step again: it approves the exact amount first.',
  },
  ERC20InvalidApprover: say('The token refuses approvals of this address.', INSIDE),
  ERC20InvalidReceiver: say('The token cannot be sent to this address.', 'Name another receiver.'),
  ERC20InvalidSender: say('The token cannot be taken from this address.', INSIDE),
  ERC20InvalidSpender: say('The token cannot be approved to this address.', INSIDE),
  SafeERC20FailedOperation: say('The token did not do what it was told.', 'Ask governance to look at the token.'),
  // Deadline
  InvalidDeadline: say('The deadline is not after the present block.', DEADLINE, 'DEADLINE_INVALID'),
  DurationTooLong: say('The deadline is later than the chain allows.', DEADLINE, 'DEADLINE_INVALID'),
  DeadlinePassed: say("The job's deadline has passed.", 'Take another job.'),
  DeadlineNotReached: say("The job's deadline and grace have not passed yet.", 'Reclaim the job after its deadline and grace.'),
  CannotExpire: say('Only a job that an agent took and did not deliver can be reclaimed.', 'Cancel a job that nobody took; finalize one that was judged.'),
  // Reward, specification, percentages
  RewardTooHigh: say('The reward is above the largest that the chain allows.', 'Choose a smaller reward.'),
  RewardOverflow: say('The reward is larger than the chain can count.', 'Choose a smaller reward.'),
  JobParametersUnset: say("The chain's job registry is not set up.", GOVERN),
  InvalidSpecHash: say('The specification hash is zero.', 'Pin the specification first.'),
  InvalidPercentages: say('The percentages are above 100, alone or together.', 'Choose smaller ones: together at most 100.'),
  // Identity
  NotAuthorizedAgent: say('This signer is no registered agent under that ENS label.', ENS, 'ENS_MISMATCH'),
  UnauthorizedValidator: say('This signer is no registered validator under that ENS label.', ENS, 'ENS_MISMATCH'),
  EmptySubdomain: say('An ENS label is needed.', ENS, 'ENS_MISMATCH'),
  IdentityRegistryNotSet: say('The chain has no identity registry.', GOVERN, 'ENS_MISMATCH'),
  AgentTypeNotAllowed: say('The job is for another type of agent.', 'Choose a job that is open to this agent.'),
  BlacklistedAgent: say('This agent is excluded from jobs.', 'Ask governance why.'),
  BlacklistedEmployer: say('This employer is excluded from posting jobs.', 'Ask governance why.'),
  // Stake
  InsufficientAgentStake: {
    say: ([held, needed]) => `The agent has ${amount(held)} AGIALPHA staked and needs ${amount(needed)}.`,
    fix: 'Deposit stake as an agent first.',
  },
  InsufficientStake: say('Less is staked than this needs.', 'Deposit more stake first, or withdraw less.'),
  InsufficientLocked: say('Running jobs lock a part of this stake.', 'Withdraw less, or wait until the jobs have ended.'),
  BelowMinimumStake: say('The stake would be below the minimum of its role.', 'Deposit more, or withdraw all of it.'),
  MaxStakeExceeded: say('The stake would be above the largest that the chain allows.', 'Choose a smaller amount.'),
  InvalidAmount: say('The amount is zero, or there is nothing to move.', 'Choose an amount above zero.'),
  InvalidRole: say('The chain knows no such role.', 'Stake as agent, validator or platform.'),
  NoStake: say('Nothing is staked in this role.', 'Choose the role that the stake is in.'),
  // Job state
  NotOpen: say('The job is not open: somebody took it, or it ended.', 'Choose an open job.'),
  InvalidJobState: say("The job's state does not allow this."),
  NotSubmitted: say('No work was handed in for the job.', 'Wait until the agent submits.'),
  JobNotSubmitted: say('No work was handed in for the job yet.', 'Wait until the agent submits.'),
  NotReady: say('It is too early for this: the committee is not chosen yet.', VOTE),
  CannotCancel: say('An agent took the job, so it cannot be cancelled.', 'Reclaim it after deadline and grace if no work comes.'),
  CannotDispute: say('The job has no outcome that could be disputed.', 'Dispute a job after its vote was counted and before it is finalized.'),
  EvidenceMissing: say('A dispute needs a reason or evidence.', 'Say why: Dispute job <id> because ...'),
  MaxActiveJobsReached: {
    say: ([limit]) => `The agent has ${String(limit)} jobs already, as many as the chain allows.`,
    fix: 'End a running job first.',
  },
  // Caller
  OnlyEmployer: say('Only the employer of the job may do this.', "Act as the job's employer."),
  OnlyAgent: say('Only the agent of the job may do this.', "Act as the job's agent."),
  OnlyParticipant: say('Only the employer or the agent of the job may do this.', 'Act as one of the two.'),
  OnlyValidationModule: say('Only the validation module may do this.', INSIDE),
  OnlyDisputeModule: say('Only the dispute module may do this.', INSIDE),
  OnlyJobRegistry: say('Only the job registry may do this.', INSIDE),
  OnlyStakeManager: say('Only the stake manager may do this.', INSIDE),
  NotGovernance: say("This signer is not the contracts' owner.", 'Act as governance.'),
  OwnableUnauthorizedAccount: say('This signer does not own the contract.', 'Act as its owner.'),
  OwnableInvalidOwner: say('The contract cannot be given to this address.', 'Name another owner.'),
  NotValidator: say('This signer is not in the committee of the job.', 'Only chosen validators may vote.'),
  // Voting
  CommitPhaseActive: say('The commit window is still open, or no committee was chosen.', WINDOW),
  CommitPhaseClosed: say('The commit window is not open.', WINDOW),
  RevealPhaseClosed: say('The reveal window is over.', 'The vote can no longer be shown.'),
  CommitMissing: say('This validator committed no vote.', 'Only a committed vote can be revealed.'),
  AlreadyCommitted: say('This validator has committed already.', 'Reveal the vote in its turn.'),
  AlreadyRevealed: say('This validator has revealed already.', 'Nothing is left to do.'),
  InvalidReveal: say('The vote differs from the committed one.', 'Reveal the same vote that was committed.'),
  RevealPending: say('Votes may still be revealed, or the grace after them has not passed.', VOTE),
  AlreadyTallied: say('The vote was counted already.', 'Read the outcome and finalize the job.'),
  ValidatorPoolTooSmall: say('The chain has too few validators for a committee.', 'Ask governance to admit more validators.'),
  ValidatorsAlreadySelected: say('The committee was chosen already.', VOTE),
  InsufficientValidators: say('Too few validators have stake, or have revealed.', VOTE),
  ValidatorBanned: say('This validator is banned for a while.', 'Wait until the ban ends.'),
  // Burn, escrow, tax, brake
  BurnEvidenceIncomplete: say('The chain wants a burn receipt first.', 'OneBox files none yet: use a chain whose burnPct is 0.'),
  InvalidBurnReceipt: say('The burn receipt is not valid.', 'OneBox files none yet: use a chain whose burnPct is 0.'),
  TokenNotBurnable: say('The token cannot be burnt.', GOVERN),
  InsufficientEscrow: say('The job holds no escrow, or another one than it should.', 'Look at the job with GET /jobs/{id}; its escrow may have gone home already.'),
  InsufficientRewardPool: say("The pool for agents' boosts is empty.", 'Ask governance to fill it.'),
  InvalidTreasury: say('The chain has no treasury to send to.', GOVERN),
  TaxPolicyNotAcknowledged: say('This signer has not acknowledged the tax policy.', 'Acknowledge the tax policy on the job registry once.'),
  EnforcedPause: say('The contracts are paused.', 'Wait until governance lets them run again.'),
  ExpectedPause: say('The contracts are not paused.', 'Nothing is left to do.'),
  ReentrancyGuardReentrantCall: say('The contract was called from within itself.', INSIDE),
}

/** The texts with which the dispute module reverts, where other contracts have custom errors. */
export const TEXTS: Record<string, Explained> = {
  disputed: say('The job was disputed already, and can be once.', "Wait for the moderator's resolution, then finalize the job.", 'ALREADY_DISPUTED'),
  evidence: say('A dispute needs a reason or evidence.', 'Say why: Dispute job <id> because ...', 'EVIDENCE_MISSING'),
  'not participant': say('Only the employer or the agent of the job may do this.', 'Act as one of the two.', 'ONLY_PARTICIPANT'),
  'no dispute': say('The job has no open dispute.', 'Raise one first: Dispute job <id> because ...', 'NO_DISPUTE'),
  window: say('The dispute is too young to be decided.', 'Wait until its window has passed.', 'DISPUTE_WINDOW_OPEN'),
  'not registry': say('Only the job registry may do this.', INSIDE, 'ONLY_JOB_REGISTRY'),
}
