import { DAY } from './deadline.ts'
import { escrowOf, formatAmount, parseAmount } from './money.ts'
import { type Policy, allows } from './policy.ts'
import { type Params, TOOLS, type Tool } from './schema.ts'
import type { Failure, Json } from './status.ts'

/** What of the chain a verdict needs: its clock (unix seconds), its fee on a job (whole percent), a dispute's (base units). */
export type Seen = { now: number; feePct: number; disputeFee: bigint }

/** One call and all that it is judged by; amounts in base units. */
export type Case = {
  tool: Tool
  params: Json
  policy: Policy
  seen: Seen
  /** Of `fees.json` today. */
  feePct: number
  /** How the fees of the run's admission differ from today's; null when they do not. */
  otherFees: string | null
  /** `budget.max` of the plan, null where the call names none. */
  max: bigint | null
  /** What other keys of the plan have taken. */
  moved: bigint
}

/** Base units that a call takes out of its signer's pocket for good or for a while: escrow, stake or dispute fee. */
export function amountOf({ tool, params, feePct, seen }: Pick<Case, 'tool' | 'params' | 'feePct' | 'seen'>): bigint {
  switch (TOOLS[tool].holds) {
    case 'escrow':
      return escrowOf(parseAmount((params as Params<'job.post'>).job.rewardAGIA), feePct)
    case 'stake':
      return parseAmount((params as Params<'stake.deposit'>).stake.amountAGIA)
    case 'dispute':
      return seen.disputeFee
    default:
      return 0n
  }
}

/** Why the rules forbid a call; undefined when they do not. */
export function refusalOf(call: Case): Failure | undefined {
  return tool(call) ?? fees(call) ?? duration(call) ?? jobBudget(call) ?? budget(call)
}

function tool({ tool, policy }: Case): Failure | undefined {
  if (allows(policy, tool)) return undefined
  return failure('TOOL_NOT_ALLOWED', `The tenant's policy does not allow ${tool}.`, 'Ask governance to allow the tool.')
}

// Only an escrow depends on a fee: whatever comes after it goes on under any.
function fees({ tool, feePct, otherFees, seen }: Case): Failure | undefined {
  if (TOOLS[tool].holds !== 'escrow') return undefined
  const chain = seen.feePct === feePct ? null : `the chain takes ${seen.feePct} % and fees.json says ${feePct} %`
  const why = otherFees ?? chain
  return why === null ? undefined : failure('FEES_CHANGED', `The fees have changed: ${why}.`, 'Plan again under the fees of today.')
}

function duration({ tool, params, policy, seen }: Case): Failure | undefined {
  const limit = policy.maxDurationDays
  if (limit === null || TOOLS[tool].holds !== 'escrow') return undefined
  const { deadline, deadlineAt = 0 } = (params as Params<'job.post'>).job
  const days = Math.max(deadline, Math.ceil((deadlineAt - seen.now) / DAY))
  if (days <= limit) return undefined
  return failure('JOB_DEADLINE_CAP_EXCEEDED', `The job lasts ${days} days; the organisation allows ${limit}.`, 'Choose a shorter deadline.')
}

function jobBudget(call: Case): Failure | undefined {
  const [amount, limit] = [amountOf(call), call.policy.maxBudget]
  if (limit === null || TOOLS[call.tool].holds !== 'escrow' || amount <= limit) return undefined
  const message = `The job costs ${formatAmount(amount)} AGIALPHA; the organisation allows ${formatAmount(limit)}.`
  return failure('JOB_BUDGET_CAP_EXCEEDED', message, "Lower the reward below the organisation's cap.")
}

// What takes nothing needs no room: a finalize goes on under any maximum.
function budget(call: Case): Failure | undefined {
  const amount = amountOf(call)
  if (amount === 0n) return undefined
  const { policy, max, moved } = call
  if (amount > policy.dailyMax) return over(`The call takes ${formatAmount(amount)} AGIALPHA; the daily maximum is ${formatAmount(policy.dailyMax)}.`)
  if (max === null || moved + amount <= max) return undefined
  return over(`The call would bring the plan to ${formatAmount(moved + amount)} AGIALPHA; it was approved for ${formatAmount(max)}.`)
}

function over(message: string): Failure {
  return failure('OVER_BUDGET', message, 'Plan again with what it really takes.')
}

function failure(code: string, message: string, fix: string): Failure {
  return { code, message, fix }
}
