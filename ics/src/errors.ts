import { formatAmount } from './money.ts'
import type { Failure } from './status.ts'

/** What to say of one custom error of the contracts; `args` are those of the error. */
type Explained = { code?: string; say: (args: readonly unknown[]) => string; fix: string }

const AGAIN = "Check the parameters and the job's state, then plan again."
const TOP_UP = 'Top up the signer; on the local chain the faucet funds it when its token is made.'
const ENS = 'Use the ENS label that is registered for this signer, with its proof where one is needed.'
const DEADLINE = "Choose a deadline after now and within the chain's longest duration."
const WINDOW = 'Wait for the turn with validator.turn, then act within the window.'

const say = (sentence: string, fix = AGAIN, code?: string): Explained => ({
  ...(code !== undefined && { code }),
  say: () => sentence,
  fix,
})
const amount = (value: unknown) => (typeof value === 'bigint' ? formatAmount(value) : '?')

const EXPLAINED: Record<string, Explained> = {
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
  InsufficientAgentStake: {
    say: ([held, needed]) => `The agent has ${amount(held)} AGIALPHA staked and needs ${amount(needed)}.`,
    fix: 'Deposit stake as an agent first.',
  },
  InsufficientStake: say("The stake is too small for the job's lock.", 'Deposit more stake first.'),
  BelowMinimumStake: say('The stake would be below the minimum of its role.', 'Choose a larger amount.'),
  NotAuthorizedAgent: say('This signer is no registered agent under that ENS label.', ENS, 'ENS_MISMATCH'),
  UnauthorizedValidator: say('This signer is no registered validator under that ENS label.', ENS, 'ENS_MISMATCH'),
  EmptySubdomain: say('An ENS label is needed.', ENS, 'ENS_MISMATCH'),
  IdentityRegistryNotSet: say('The chain has no identity registry.', 'Ask governance to set it.', 'ENS_MISMATCH'),
  InvalidDeadline: say('The deadline is not after the present block.', DEADLINE, 'DEADLINE_INVALID'),
  DurationTooLong: say('The deadline is later than the chain allows.', DEADLINE, 'DEADLINE_INVALID'),
  DeadlinePassed: say("The job's deadline has passed.", 'Take another job.'),
  RewardTooHigh: say('The reward is above the largest that the chain allows.', 'Choose a smaller reward.'),
  InvalidSpecHash: say('The specification hash is zero.', 'Pin the specification first.'),
  NotOpen: say('The job is not open: somebody took it, or it ended.', 'Choose an open job.'),
  InvalidJobState: say("The job's state does not allow this."),
  OnlyEmployer: say('Only the employer of the job may do this.', "Act as the job's employer."),
  OnlyAgent: say('Only the agent of the job may do this.', "Act as the job's agent."),
  NotValidator: say('This signer is not in the committee of the job.', 'Only chosen validators may vote.'),
  CommitPhaseActive: say('The commit window is still open, or no committee was chosen.', WINDOW),
  CommitPhaseClosed: say('The commit window is not open.', WINDOW),
  RevealPhaseClosed: say('The reveal window is over.', 'The vote can no longer be shown.'),
  CommitMissing: say('This validator committed no vote.', 'Only a committed vote can be revealed.'),
  AlreadyCommitted: say('This validator has committed already.', 'Reveal the vote in its turn.'),
  AlreadyRevealed: say('This validator has revealed already.', 'Nothing is left to do.'),
  InvalidReveal: say('The vote differs from the committed one.', 'Reveal the same vote that was committed.'),
  JobNotSubmitted: say('No work was handed in for the job yet.'),
  EnforcedPause: say('The contracts are paused.', 'Wait until governance lets them run again.'),
}

/**
 * The failure that a custom error of the contracts stands for: a code of the catalogue, a sentence, a way out.
 *
 * @param name the error's name, `Error` for a text
 */
export function failureOf(name: string, args: readonly unknown[]): Failure {
  if (name === 'Error') return { code: 'UNKNOWN_REVERT', message: `The chain refused: ${String(args[0])}.`, fix: AGAIN }
  if (name === 'Panic') return { code: 'UNKNOWN_REVERT', message: `The contract panicked (${String(args[0])}).`, fix: AGAIN }
  const known = EXPLAINED[name]
  const code = known?.code ?? upperSnake(name)
  return { code, message: known?.say(args) ?? `The contract refused: ${inWords(name)}.`, fix: known?.fix ?? AGAIN }
}

/** A revert that nothing explains. */
export const UNKNOWN_REVERT: Failure = { code: 'UNKNOWN_REVERT', message: 'The chain refused without a reason.', fix: AGAIN }

/** The signer cannot pay for gas. */
export const NO_GAS_MONEY: Failure = {
  code: 'INSUFFICIENT_BALANCE',
  message: 'The signer has not enough ETH to pay for gas.',
  fix: TOP_UP,
}

/** The handler's call was refused for a reason known beforehand; becomes one ❌ line and `rejected`. */
export class Rejected extends Error {
  override name = 'Rejected'
  constructor(readonly failure: Failure) {
    super(failure.message)
  }
}

/** The line that tells a failure: code and sentence, never call data. */
export function failureLine({ code, message }: Failure): string {
  return `❌ ${code}: ${message}`
}

/** `NotAuthorizedAgent` to `NOT_AUTHORIZED_AGENT`. */
export function upperSnake(name: string): string {
  return name.replace(/([a-z0-9])([A-Z])|([A-Z]+)([A-Z][a-z])/g, '$1$3_$2$4').toUpperCase()
}

function inWords(name: string): string {
  return upperSnake(name).toLowerCase().replaceAll('_', ' ')
}
