import type { Deed } from './access/simulate.ts'

/** Why an intent did not happen. */
export type Failure = { code: string; message: string; fix?: string }
/** Tokens that reached somebody: checksummed address, decimal text. */
export type Payout = { to: string; amount: string; role: string }
/**
 * Tokens that went from one account to another: checksummed addresses, decimal text. `payer` and `payee` name the two where they
 * have a name: a contract, the role of a payout, `signer`, or `burnt`.
 */
export type Transfer = { from: string; to: string; amount: string; payer: string | null; payee: string | null }
/** What the handler did on the chain and in the pin store; `transfers` are those of its mined transactions, where it has any. */
export type Receipt = { txes: string[]; cids: string[]; payouts: Payout[]; transfers?: Transfer[] }
export type Json = Record<string, unknown>
/** What a dry run found out about cost: gas units and wei, as decimal text. */
export type Cost = { gas: string; feeWei: string }

/**
 * What a dry run showed: outputs, those of them that are foretold and may come out differently, the receipt that there would be,
 * what a wait waits for, and the calls that whoever comes after it stands on.
 */
export type Shown = {
  outputs: Json | null
  cost?: Cost | undefined
  predicted?: string[]
  receipt?: Receipt
  waitingFor?: string
  deeds?: Deed[]
}

/** How a handler's call ended. Success is read here and never out of its lines. */
export type Result =
  | { outcome: 'executed'; outputs: Json; receipt: Receipt; cost?: Cost | undefined }
  | ({ outcome: 'dry_run' } & Shown)
  | { outcome: 'waiting'; waitingFor: string }
  | { outcome: 'rejected' | 'failed' | 'not_executed'; error: Failure; receipt?: Receipt | undefined }

export type Outcome = Result['outcome'] | 'in_progress' | 'unknown_key'

/** The answer of `GET /intents/{key}`; `retry_after` is seconds, `gas` and `fee_wei` decimal text, `predicted` names outputs. */
export type IntentStatus = {
  key: string
  outcome: Outcome
  outputs: Json | null
  error: Failure | null
  receipt: Receipt | null
  digest: string | null
  lines: number
  retry_after: number | null
  waiting_for: string | null
  gas: string | null
  fee_wei: string | null
  predicted: string[]
}

const FINAL: readonly Outcome[] = ['executed', 'rejected', 'failed', 'not_executed']

/** True for an outcome that will never change and is replayed with its lines. */
export function isFinal(outcome: Outcome | null): boolean {
  return outcome !== null && FINAL.includes(outcome)
}

/** A status without any facts beyond its outcome. */
export function blankStatus(key: string, outcome: Outcome): IntentStatus {
  const nothing = { outputs: null, error: null, receipt: null, digest: null, lines: 0 }
  return { key, outcome, ...nothing, retry_after: null, waiting_for: null, gas: null, fee_wei: null, predicted: [] }
}

/** The status of a call that ended with this result. `retryAfter` is seconds, used while waiting. */
export function statusOf(key: string, result: Result, retryAfter: number): IntentStatus {
  const status = blankStatus(key, result.outcome)
  switch (result.outcome) {
    case 'executed':
      return { ...status, outputs: result.outputs, receipt: result.receipt, ...costOf(result.cost) }
    case 'dry_run':
      return { ...status, ...shownOf(result), ...costOf(result.cost) }
    case 'waiting':
      return { ...status, waiting_for: result.waitingFor, retry_after: retryAfter }
    default:
      return { ...status, error: result.error, receipt: result.receipt ?? null }
  }
}

function shownOf({ outputs, predicted = [], receipt, waitingFor }: Shown) {
  return { outputs, predicted, receipt: receipt ?? null, waiting_for: waitingFor ?? null }
}

function costOf(cost: Cost | undefined) {
  return { gas: cost?.gas ?? null, fee_wei: cost?.feeWei ?? null }
}
