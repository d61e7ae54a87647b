import { readFile } from 'node:fs/promises'
import { describe, expect, test } from 'vitest'
import { canonical, digestOf, sha256Hex, stepDigest } from '../src/canonical.ts'
import { deadlineAfter } from '../src/deadline.ts'
import { objectOf } from '../src/http/body.ts'
import { Problem } from '../src/http/problem.ts'
import { refusalOf } from '../src/judge.ts'
import { AmountInvalid, escrowOf, feeOf, formatAmount, parseAmount } from '../src/money.ts'
import { PolicyFiles, policiesShown, policyFor } from '../src/policy.ts'
import { readJson, readRules } from '../src/rules.ts'
import { TOOLS, type Tool } from '../src/schema.ts'
import type { Json } from '../src/status.ts'
import { CONFIG } from './world.ts'

// Read by pytest, too (tests/contract/test_vectors.py); written by neither side's code (tests/data/README.md).
const vectors = async <T>(name: string): Promise<T> =>
  JSON.parse(await readFile(new URL(`../../tests/data/${name}.json`, import.meta.url), 'utf8')) as T

type Canonical = { accepted: { name: string; json: string; canonical: string; sha256: string }[]; refused: { name: string; json: string }[] }
const texts = await vectors<Canonical>('canonical')

describe('canonical.json', () => {
  test.each(texts.accepted)('$name', ({ json, canonical: text, sha256 }) => {
    expect(canonical(objectOf(json))).toBe(text)
    expect([digestOf(objectOf(json)), sha256Hex(text)]).toEqual([sha256, sha256])
    expect(canonical(objectOf(text))).toBe(text)
  })
  test.each(texts.refused)('$name is refused', ({ json }) => {
    expect(() => objectOf(json)).toThrow(Problem)
  })
})

type Step = { canonical: string; digest: string; plan_id: string; step_id: string; gen: number; intent: string; params: Json; meta: Json }
describe('step_digests.json', async () => {
  test.each(await vectors<Step[]>('step_digests'))('$step_id $gen $intent', ({ canonical: text, digest, ...facts }) => {
    expect([canonical(facts), stepDigest(facts), sha256Hex(text)]).toEqual([text, digest, digest])
  })
})

type Fee = { reward: string; pct: number; fee: string; escrow: string }
type Read = { text: string; units: string }
type Field = { tool: Tool; params: Json; at: string[] }
type Amounts = { read: Read[]; refused: string[]; refused_values: unknown[]; fields: Field[]; shown: Read[]; fees: Fee[] }
const amounts = await vectors<Amounts>('amounts')

describe('amounts.json', () => {
  test.each(amounts.read)('$text is $units', ({ text, units }) => expect(parseAmount(text).toString()).toBe(units))
  test.each(amounts.shown)('$units is shown as $text', ({ text, units }) => expect(formatAmount(BigInt(units))).toBe(text))
  test.each(amounts.refused)('%j is no amount', (text) => expect(() => parseAmount(text)).toThrow(AmountInvalid))
  test.each(amounts.fields)('no $tool takes what is no amount at $at', (field) => {
    expect(takes(field, '12.5')).toBe(true)
    expect([...amounts.refused, ...amounts.refused_values].filter((bad) => takes(field, bad))).toEqual([])
  })
  test.each(amounts.fees)('$pct % of $reward', ({ reward, pct, fee, escrow }) => {
    expect([feeOf(BigInt(reward), pct), escrowOf(BigInt(reward), pct)].map(String)).toEqual([fee, escrow])
  })
})

function takes({ tool, params, at }: Field, value: unknown): boolean {
  const put = ([name = '', ...rest]: string[], place: Json): Json => ({ ...place, [name]: rest.length > 0 ? put(rest, place[name] as Json) : value })
  return TOOLS[tool].params.safeParse(put(at, params)).success
}

type Effective = { config: string; tenant: string; allowTools: string[]; denyTools: string[]; dailyMax: string; maxBudget: string | null; maxDurationDays: number | null }
type Decision = { config: string; tenant: string; tool: Tool; params: Json; feePct: number; code: string | null }
type Policies = { configs: Record<string, unknown>; effective: Effective[]; decisions: Decision[] }
const policies = await vectors<Policies>('policies')
const policyOf = ({ config, tenant }: { config: string; tenant: string }) => policyFor(PolicyFiles.parse(policies.configs[config]), tenant)

describe('policies.json', () => {
  test.each(policies.effective)('what holds for $tenant of $config', ({ config, tenant, ...holds }) => {
    const shown = new Map(Object.entries(policiesShown(PolicyFiles.parse(policies.configs[config]))))
    expect(shown.get(tenant) ?? shown.get('__default__')).toEqual({ ...holds, requireValidator: policyOf({ config, tenant }).requireValidator })
  })
  test.each(policies.decisions)('$tenant asks for $tool: $code', (asked) => {
    const { tool, params, feePct, code } = asked
    const seen = { now: 0, feePct, disputeFee: 0n }
    const found = refusalOf({ tool, params, policy: policyOf(asked), seen, feePct, otherFees: null, max: null, moved: 0n })
    expect(found?.code ?? null).toBe(code)
  })
})

describe('deadlines.json', async () => {
  type Deadline = { head: number; days: number; longest: number; deadlineAt: number }
  test.each(await vectors<Deadline[]>('deadlines'))('$days days after $head, at most $longest s', ({ head, days, longest, deadlineAt }) => {
    expect(deadlineAfter(head, days, longest)).toBe(deadlineAt)
  })
})

describe('shipped.json', async () => {
  type Shipped = { files: Record<string, unknown>; fees_sha256: string; policy_sha256: string }
  const shipped = await vectors<Shipped>('shipped')
  test.each(Object.entries(shipped.files))('config/%s says what the vectors say', async (name, content) => {
    expect(await readJson(CONFIG, name), `config/${name} and tests/data/verdicts.py differ`).toEqual(content)
  })
  test('the digests of policy and fees are those of the vectors', async () => {
    const { policy, fees } = await readRules(CONFIG, {})
    expect([policy.digest, fees.digest]).toEqual([shipped.policy_sha256, shipped.fees_sha256])
  })
})
