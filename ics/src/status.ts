/** Why an intent did not happen. */
export type Failure = { code: string; message: string; fix?: string }
/** Tokens that reached somebody: checksummed address, decimal text. */
export type Payout = { to: string; amount: string; role: string }
/** What the handler did on the chain and in the pin store. */
export type Receipt = { txes: string[]; cids: string[]; payouts: Payout[] }
export type Json = Record<string, unknown>
/** What a dry run found out about cost: gas units and wei, as decimal text. */
export type Cost = { gas: string; feeWei: string }

/** How a handler's call ended. Success is read here and never out of its lines. */
export type Result =
  | { outcome: 'executed'; outputs: Json; receipt: Receipt; cost?: Cost | undefined }
  | { outcome: 'dry_run'; outputs: Json | null; cost?: Cost | undefined }
  | { outcome: 'waiting'; waitingFor: string }
  | { outcome: 'rejected' | 'failed' | 'not_executed'; error: Failure; receipt?: Receipt | undefined }

export type Outcome = Result['outcome'] | 'in_progress' | 'unknown_key'

/** The answer of `GET /intents/{key}`; `retry_after` is seconds, `gas` and `fee_wei` decimal text. */
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
}

const FINAL: readonly Outcome[] = ['executed', 'rejected', 'failed', 'not_executed']

/** True for an outcome that will never change and is replayed with its lines. */
export function isFinal(outcome: Outcome | null): boolean {
  return outcome !== null && FINAL.includes(outcome)
}

/** A status without any facts beyond its outcome. */
export function blankStatus(key: string, outcome: Outcome): IntentStatus {
  const nothing = { outputs: null, error: null, receipt: null, digest: null, lines: 0 }
  return { key, outcome, ...nothing, retry_after: null, waiting_for: null, gas: null, fee_wei: null }
}

/** The status of a call that ended with this result. `retryAfter` is seconds, used while waiting. */
export function statusOf(key: string, result: Result, retryAfter: number): IntentStatus {
  const status = blankStatus(key, result.outcome)
  switch (result.outcome) {
    case 'executed':
      return { ...status, outputs: result.outputs, receipt: result.receipt, ...costOf(result.cost) }
    case 'dry_run':
      return { ...status, outputs: result.outputs, ...costOf(result.cost) }
    case 'waiting':
      return { ...status, waiting_for: result.waitingFor, retry_after: retryAfter }
    default:
      return { ...status, error: result.error, receipt: result.receipt ?? null }
  }
}

function costOf(cost: Cost | undefined) {
  return { gas: cost?.gas ?? null, fee_wei: cost?.feeWei ?? null }
}
