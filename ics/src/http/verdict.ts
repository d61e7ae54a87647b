import { z } from 'zod'
import { type Case, type Seen, amountOf, refusalOf } from '../judge.ts'
import type { PlanShare } from '../journal/plans.ts'
import { PolicyFiles, policyFor } from '../policy.ts'
import { TOOLS } from '../schema.ts'
import type { Failure } from '../status.ts'
import type { World } from '../world.ts'
import type { Intent } from './body.ts'
import type { Consent } from './consent.ts'
import type { Named } from './rules.ts'

/** Why a call may not run, or what it takes of its plan's budget. */
export type Verdict = { refusal: Failure; share?: undefined } | { refusal?: undefined; share: PlanShare | undefined }

const UNSEEN: Seen = { now: 0, feePct: 0, disputeFee: 0n }

/** What the chain says of the money of a call; asked beforehand, because a verdict waits for nothing. Errors: viem's. */
export async function lookFor({ jobs, chain }: World, { tool }: Intent, named: Named | undefined): Promise<Seen> {
  const { holds } = TOOLS[tool]
  if (named === undefined) return UNSEEN
  if (holds === 'dispute') return { ...UNSEEN, disputeFee: await jobs.read(z.bigint(), 'disputeModule', 'disputeFee') }
  if (holds !== 'escrow') return UNSEEN
  const [feePct, head] = await Promise.all([jobs.number('jobRegistry', 'feePct'), chain.getBlock()])
  return { ...UNSEEN, feePct, now: Number(head.timestamp) }
}

/** Judges a confirmed call that was never seen. */
export function judge(world: World, intent: Intent, consent: Consent, seen: Seen): Verdict {
  const { key, planId, rules: named } = consent
  if (named === undefined) return { share: undefined }
  const { tenant, planMax: max } = named
  const plan = world.journal.plans.find(planId)
  const refusal = changed(plan, named) ?? shown(world, intent, named, seen, world.journal.plans.moved(planId))
  if (refusal !== undefined) return { refusal }
  const { feePct } = world.rules.fees
  const amount = amountOf({ tool: intent.tool, params: intent.envelope.params, feePct, seen })
  return { share: max === null ? undefined : { planId, tenant, max, key, amount } }
}

/** Why the rules forbid a call; `moved` is what other keys of its plan have taken, in base units. */
export function shown(world: World, { tool, envelope }: Intent, named: Named, seen: Seen, moved = 0n): Failure | undefined {
  const files = filesOf(world, named.policyDigest)
  if (files === undefined) return UNKNOWN
  const { feePct } = world.rules.fees
  const policy = policyFor(files, named.tenant)
  const facts: Case = { tool, params: envelope.params, policy, seen, feePct, otherFees: otherFees(world, named), max: named.planMax, moved }
  return refusalOf(facts)
}

const UNKNOWN: Failure = {
  code: 'POLICY_UNKNOWN',
  message: 'The call names a policy under which ICS has never run.',
  fix: 'Start OneBox and ICS on the same policy files, then plan again.',
}

function filesOf({ rules, journal }: World, digest: string): PolicyFiles | undefined {
  if (digest === rules.policy.digest) return rules.policy.files
  const kept = PolicyFiles.safeParse(journal.rules.find(digest))
  return kept.success ? kept.data : undefined
}

function otherFees({ rules, journal }: World, { feesDigest }: Named): string | null {
  const { digest, ...now } = rules.fees
  if (feesDigest === digest) return null
  const then = journal.rules.find(feesDigest)
  return `the run was admitted under ${then === undefined ? 'fees that ICS never had' : JSON.stringify(then)}, today's are ${JSON.stringify(now)}`
}

function changed(plan: { tenant: string; max: bigint } | undefined, { tenant, planMax }: Named): Failure | undefined {
  if (plan === undefined || (plan.tenant === tenant && (planMax === null || plan.max === planMax))) return undefined
  const message = "The call names another tenant or another Plan-Max than its plan's first money call."
  return { code: 'PLAN_RULES_CHANGED', message, fix: 'Send the calls of a plan with the facts of that plan.' }
}
