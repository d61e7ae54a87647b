import { z } from 'zod'
import { AmountInvalid, formatAmount, parseAmount } from './money.ts'

const ANY_TENANT = '__default__'
const EVERYTHING = ['*', 'any', 'all']

const Units = z.string().transform((text, ctx) => {
  try {
    return parseAmount(text)
  } catch (error) {
    if (!(error instanceof AmountInvalid)) throw error
    ctx.addIssue(error.message)
    return z.NEVER
  }
})
const Wei = z.union([z.int().min(0).transform(BigInt), z.string().regex(/^[0-9]{1,48}$/, 'a whole number of base units').transform(BigInt)])
const Tools = z.array(z.string().min(1).max(64))

const Default = z.strictObject({
  allowTools: Tools,
  denyTools: Tools,
  requireValidator: z.boolean(),
  budget: z.strictObject({ token: z.literal('AGIALPHA'), dailyMax: Units }),
})
const Org = z.strictObject({
  maxBudgetWei: Wei.nullish(),
  maxDurationDays: z.int().min(1).max(3650).nullish(),
  allowedTools: Tools.nullish(),
  deniedTools: Tools.nullish(),
  dailyMax: Units.nullish(),
  updatedAt: z.string().nullish(),
})
type Org = z.infer<typeof Org>

/** `{default, orgs}`: the contents of policies.default.json and org-policies.json. */
export const PolicyFiles = z.strictObject({ default: Default, orgs: z.record(z.string(), Org) })
export type PolicyFiles = z.infer<typeof PolicyFiles>

/** What holds for one tenant; amounts in base units, null where unlimited. */
export type Policy = {
  allowTools: string[]
  denyTools: string[]
  requireValidator: boolean
  dailyMax: bigint
  maxBudget: bigint | null
  maxDurationDays: number | null
}

/** The default policy, narrowed by the tenant's record; an unknown tenant has the record `__default__`. */
export function policyFor({ default: base, orgs }: PolicyFiles, tenant: string): Policy {
  const org = recordOf(orgs, tenant) ?? recordOf(orgs, ANY_TENANT) ?? {}
  const { maxBudgetWei, maxDurationDays, dailyMax, deniedTools } = org
  return {
    allowTools: base.allowTools.filter((tool) => named(org, tool)),
    denyTools: [...new Set([...base.denyTools, ...(deniedTools ?? [])])].sort(),
    requireValidator: base.requireValidator,
    dailyMax: least(base.budget.dailyMax, dailyMax ?? null),
    maxBudget: maxBudgetWei ?? null,
    maxDurationDays: maxDurationDays ?? null,
  }
}

/** The effective policy of each tenant with a record, and under `__default__` of any other; caps as decimal text. */
export function policiesShown(files: PolicyFiles) {
  const tenants = [...new Set([ANY_TENANT, ...Object.keys(files.orgs)])]
  return Object.fromEntries(tenants.map((tenant) => [tenant, shown(policyFor(files, tenant))]))
}

function shown({ dailyMax, maxBudget, ...rest }: Policy) {
  return { ...rest, dailyMax: formatAmount(dailyMax), maxBudget: maxBudget === null ? null : formatAmount(maxBudget) }
}

/** True when the tool is allowed and not denied: deny beats allow. */
export function allows({ allowTools, denyTools }: Policy, tool: string): boolean {
  return allowTools.includes(tool) && !denyTools.includes(tool)
}

// A tenant called like a member of every object has no record for it.
function recordOf(orgs: PolicyFiles['orgs'], tenant: string): Org | undefined {
  return Object.hasOwn(orgs, tenant) ? orgs[tenant] : undefined
}

function named({ allowedTools }: Org, tool: string): boolean {
  return allowedTools == null || allowedTools.some((pattern) => matches(pattern, tool))
}

function matches(pattern: string, tool: string): boolean {
  if (EVERYTHING.includes(pattern)) return true
  return pattern.endsWith('*') ? tool.startsWith(pattern.slice(0, -1)) : tool === pattern
}

function least(base: bigint, narrower: bigint | null): bigint {
  return narrower === null || base < narrower ? base : narrower
}
