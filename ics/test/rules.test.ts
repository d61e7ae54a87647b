import { cp, readFile, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { describe, expect, test } from 'vitest'
import { type Ask, type RuleHeaders, freshKey, rulesOf } from './ics.ts'
import { ics, staged, world } from './stage.ts'
import { CONFIG, SPEC } from './world.ts'

// A client that skips OneBox: nothing here asks Python for leave.
let folder: string

staged(async (on) => {
  folder = join(on.anvil.folder, 'config')
  await cp(CONFIG, folder, { recursive: true })
  await orgs({
    acme: {},
    narrow: { maxBudgetWei: '10500000000000000000', maxDurationDays: 3, deniedTools: ['stake.deposit'] },
    'café': { allowedTools: ['job.*'], dailyMax: '20' },
  })
  return { ONEBOX_CONFIG_DIR: folder }
})

const orgs = (records: object) => writeFile(join(folder, 'org-policies.json'), JSON.stringify(records))
let plans = 0
const freshPlan = () => (++plans).toString(16).padStart(64, '0')
const stake = (amountAGIA: string, rules: Partial<RuleHeaders> = {}, plan = freshPlan()): Ask & { key: string } => ({
  ...{ intent: 'stake', params: { stake: { amountAGIA, role: 'platform' } } },
  ...{ key: freshKey(), plan, rules: { 'Plan-Max': '100', ...rules } },
})
const post = async (rewardAGIA: string, rules: Partial<RuleHeaders> = {}, job = {}): Promise<Ask & { key: string }> => {
  const deadlineAt = Number(await world.now()) + 3_600
  const params = { job: { rewardAGIA, deadline: 1, title: 'Cats', deadlineAt, uri: 'ipfs://spec', specHash: SPEC, ...job } }
  return { intent: 'create_job', params, key: freshKey(), plan: freshPlan(), rules: { 'Plan-Max': '100', ...rules } }
}
const ended = async (ask: Ask & { key: string }) => {
  await ics.ask(ask)
  const { outcome, error } = await ics.status(ask.key)
  return error?.code ?? outcome
}
const balance = () => world.balance(world.address('operator'))

describe('a money call must name its rules', () => {
  test.each(['Tenant', 'Policy-Digest', 'Fees-Digest', 'Plan-Max'] as const)('without %s it is RULES_REQUIRED, which names it', async (name) => {
    for (const [value, why] of [[undefined, 'missing'], ['Ä b', 'malformed']] as const) {
      const ask = stake('1', { [name]: value && encodeURI(value).replaceAll('%', '!') })
      const { http, json } = await ics.ask(ask)
      expect([http, json['code'], json['message']]).toEqual([422, 'RULES_REQUIRED', `${name} is ${why}: it names the rules of the call`])
      expect((await ics.status(ask.key)).outcome).toBe('unknown_key')
    }
  })
  test('another call needs none, but not some of them', async () => {
    const screen: Ask = { intent: 'screen', params: { description: 'paint a fence' }, verdict: null }
    const none: RuleHeaders = { Tenant: undefined, 'Policy-Digest': undefined, 'Fees-Digest': undefined, 'Plan-Max': undefined }
    expect((await ics.ask({ ...screen, rules: none })).lines.at(-1)).toBe('✅ Screening passed.')
    expect((await ics.ask({ ...screen, rules: { ...none, Tenant: 'acme' } })).json).toMatchObject({ code: 'RULES_REQUIRED' })
  })
})

describe('the policy of the tenant', () => {
  test('refuses a denied tool with a line and an outcome, replayed, and nothing sent', async () => {
    const before = await balance()
    const ask = stake('1', { Tenant: 'narrow' })
    const first = await ics.ask(ask)
    expect(first.lines).toEqual(["❌ TOOL_NOT_ALLOWED: The tenant's policy does not allow stake.deposit."])
    expect(await ics.status(ask.key)).toMatchObject({ outcome: 'rejected', lines: 1, error: { code: 'TOOL_NOT_ALLOWED', fix: expect.any(String) } })
    expect((await ics.ask(ask)).text).toBe(first.text)
    expect(await balance()).toBe(before)
  })
  test('covers the tenant by its decoded name, and calls that move nothing', async () => {
    const rules = { Tenant: encodeURIComponent('café') }
    const screen = { intent: 'screen', params: { description: 'paint a fence' }, verdict: null, key: freshKey() }
    expect(await ended({ ...screen, rules })).toBe('TOOL_NOT_ALLOWED')
    expect(await ended(await post('20', rules))).toBe('OVER_BUDGET')
    expect(await ended(await post('19', rules))).toBe('executed')
  })
  test('caps the escrow of a job, fee included, and its length by days and by instant', async () => {
    const now = Number(await world.now())
    const rules = { Tenant: 'narrow' }
    expect(await ended(await post('10.000000000000000002', rules))).toBe('JOB_BUDGET_CAP_EXCEEDED')
    expect(await ended(await post('1', rules, { deadline: 4 }))).toBe('JOB_DEADLINE_CAP_EXCEEDED')
    expect(await ended(await post('1', rules, { deadlineAt: now + 4 * 86_400 }))).toBe('JOB_DEADLINE_CAP_EXCEEDED')
    expect(await ended(await post('10', rules, { deadline: 3, deadlineAt: now + 3 * 86_400 }))).toBe('executed')
  })
  test('refuses what is above the daily maximum by itself, whatever the plan was approved for', async () => {
    expect(await ended(stake('100.01', { 'Plan-Max': '500' }))).toBe('OVER_BUDGET')
  })
  test('is checked in a dry run that names it', async () => {
    const { text, key } = await ics.ask({ ...stake('1', {}), confirm: false, rules: { ...ics.rules, Tenant: 'narrow' } })
    expect(text).toBe("❌ TOOL_NOT_ALLOWED: The tenant's policy does not allow stake.deposit.\n")
    expect(await ics.status(key)).toMatchObject({ outcome: 'rejected', lines: 1 })
    expect((await ics.ask({ ...stake('1'), confirm: false, rules: ics.rules })).lines.at(-1)).toBe('🧪 Dry-run completed. Set confirm=true to execute.')
  })
  test('that ICS has never had is POLICY_UNKNOWN', async () => {
    expect(await ended(stake('1', { 'Policy-Digest': 'f'.repeat(64) }))).toBe('POLICY_UNKNOWN')
  })
})

describe('what a plan was approved for', () => {
  test('bounds the sum over its keys; a proof that nothing moved gives its part back', async () => {
    const plan = freshPlan()
    const of = (amount: string, user = 'operator') => ({ ...stake(amount, { 'Plan-Max': '10' }, plan), user })
    expect(await ended(of('6'))).toBe('executed')
    expect(await ended(of('4', 'nobody'))).toBe('INSUFFICIENT_BALANCE')
    const over = of('4.000000000000000001')
    expect((await ics.ask(over)).lines).toEqual([
      '❌ OVER_BUDGET: The call would bring the plan to 10.000000000000000001 AGIALPHA; it was approved for 10.00.',
    ])
    expect(await ended(of('4'))).toBe('executed')
    expect(await ended(of('0.000000000000000001'))).toBe('OVER_BUDGET')
  })
  test('holds for calls that come together', async () => {
    const plan = freshPlan()
    const asks = Array.from({ length: 5 }, () => stake('4', { 'Plan-Max': '10' }, plan))
    const ends = await Promise.all(asks.map(ended))
    expect(ends.sort()).toEqual(['OVER_BUDGET', 'OVER_BUDGET', 'OVER_BUDGET', 'executed', 'executed'])
  })
  test('is fixed by the first money call, with the tenant', async () => {
    const plan = freshPlan()
    expect(await ended(stake('1', { 'Plan-Max': '2' }, plan))).toBe('executed')
    expect(await ended(stake('1', { 'Plan-Max': '50' }, plan))).toBe('PLAN_RULES_CHANGED')
    expect(await ended(stake('1', { 'Plan-Max': '2', Tenant: 'someone' }, plan))).toBe('PLAN_RULES_CHANGED')
    expect(await ended(stake('1', { 'Plan-Max': '2.000' }, plan))).toBe('executed')
  })
  test('survives a restart', async () => {
    const plan = freshPlan()
    expect(await ended(stake('3', { 'Plan-Max': '3' }, plan))).toBe('executed')
    await ics.restart()
    expect(await ended(stake('1', { 'Plan-Max': '3' }, plan))).toBe('OVER_BUDGET')
  })
})

describe('a change of the rules', () => {
  test('of policy: a running run goes on under its own, a new one under the new, an unknown one not at all', { timeout: 60_000 }, async () => {
    const before = await readFile(join(folder, 'org-policies.json'), 'utf8')
    await orgs({ acme: { deniedTools: ['stake.deposit'] } })
    await ics.restart()
    const { 'Policy-Digest': now } = await rulesOf(ics.env)
    expect(await ics.get('/contract')).toMatchObject({ policy: { digest: now } })
    expect(now).not.toBe(ics.rules['Policy-Digest'])
    expect(await ended(stake('1'))).toBe('executed')
    expect(await ended(stake('1', { 'Policy-Digest': now }))).toBe('TOOL_NOT_ALLOWED')
    await writeFile(join(folder, 'org-policies.json'), before)
    await ics.restart()
  })

  test('of fees: no job is posted under the old ones, one that is posted is paid out', { timeout: 90_000 }, async () => {
    await world.stakeAll()
    const jobId = await world.submitted('10')
    await world.vote(jobId, { validator1: true, validator2: true, validator3: true })
    await world.pass(200)
    await world.as('viewer', 'validationModule', 'finalize', [jobId])
    expect(await ended(await post('1', { 'Fees-Digest': 'f'.repeat(64) }))).toBe('FEES_CHANGED')
    await world.as('governance', 'jobRegistry', 'setFeePct', [6])
    const early = await post('1')
    expect((await ics.ask(early)).lines).toEqual(['❌ FEES_CHANGED: The fees have changed: the chain takes 6 % and fees.json says 5 %.'])
    const file = join(folder, 'fees.json')
    const before = await readFile(file, 'utf8')
    await writeFile(file, before.replace('"feePct": 5', '"feePct": 6'))
    await ics.restart()
    const late = await post('1')
    const [line] = (await ics.ask(late)).lines
    expect(line).toMatch(/^❌ FEES_CHANGED: The fees have changed: the run was admitted under .*"feePct":5.*, today's are .*"feePct":6/)
    const pay: Ask & { key: string } = { intent: 'finalize', params: { jobId: String(jobId), success: true }, key: freshKey(), plan: freshPlan() }
    expect(await ended(pay)).toBe('executed')
    const { 'Fees-Digest': now } = await rulesOf(ics.env)
    expect(await ended(await post('1', { 'Fees-Digest': now }))).toBe('executed')
  })
})
