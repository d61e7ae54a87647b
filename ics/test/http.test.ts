import { describe, expect, test } from 'vitest'
import { Ics, PLAN, TOKEN, freshKey } from './ics.ts'
import { ics, staged, world } from './stage.ts'

staged()

const post = (path: string, body: string, token = TOKEN) =>
  fetch(ics.url(path), { method: 'POST', headers: { Authorization: `Bearer ${token}` }, body })
const code = async (answer: Response) => [answer.status, ((await answer.json()) as { code: string }).code]

describe('the doors', () => {
  test.each(['/intents/a:b:0', '/contract', '/jobs/1'])('%s needs the service token', async (path) => {
    for (const headers of [{}, { Authorization: 'Bearer wrong' }, { Authorization: TOKEN }] as Record<string, string>[]) {
      expect(await code(await fetch(ics.url(path), { headers }))).toEqual([401, 'AUTH_INVALID'])
    }
  })
  test('healthz needs none', async () => {
    const answer = await fetch(ics.url('/healthz'))
    expect([answer.status, await answer.json()]).toEqual([200, { ok: true, parts: { chain: 'ok', journal: 'ok' } }])
  })
  test.each(['', 'x', '[]', 'null', '1', '{"intent":'])('a body of %j is BODY_INVALID', async (body) => {
    expect(await code(await post('/intents', body))).toEqual([400, 'BODY_INVALID'])
  })
  test('a body of two megabytes is BODY_INVALID', async () => {
    expect(await code(await post('/intents', `{"a":"${'x'.repeat(2_000_000)}"}`))).toEqual([400, 'BODY_INVALID'])
  })
  test('a body nested 65 levels deep is BODY_INVALID', async () => {
    const body = (levels: number) => `{"a":${'['.repeat(levels)}${']'.repeat(levels)}}`
    expect(await code(await post('/intents', body(65)))).toEqual([400, 'BODY_INVALID'])
    expect(await code(await post('/intents', body(400_000)))).toEqual([400, 'BODY_INVALID'])
    expect(await code(await post('/intents', body(60)))).toEqual([422, 'CONFIRM_REQUIRED'])
  })
  test('a key must look like one', async () => {
    expect(await code(await post('/intents/x/fence', ''))).toEqual([422, 'KEY_REQUIRED'])
    expect(await code(await fetch(ics.url('/nothing'), { headers: { Authorization: `Bearer ${TOKEN}` } }))).toEqual([404, 'NOT_FOUND'])
  })
})

describe('the facts', () => {
  test('GET /contract tells tools, rules and chain', async () => {
    const { contract, policy, fees, chain } = (await ics.get('/contract')) as Record<string, Record<string, unknown>>
    expect(Object.keys(contract?.['tools'] as object)).toHaveLength(17)
    expect(policy?.['digest']).toMatch(/^[0-9a-f]{64}$/)
    expect(policy?.['tenants']).toMatchObject({ __default__: { maxDurationDays: null }, acme: { requireValidator: true, maxBudget: null, maxDurationDays: 365 } })
    expect(fees).toMatchObject({ feePct: 5, validatorPct: 8, feePoolBurnPct: 1, burnPct: 0, disputeFee: '1.00' })
    expect(chain).toMatchObject({
      ...world.deployment,
      fees: { feePct: 5, validatorPct: 8, feePoolBurnPct: 1, burnPct: 0, disputeFee: '1.00' },
      limits: { maxJobReward: '1000.00', minAgentStake: '10.00', jobStake: '1.00', maxJobDuration: 604_800 },
    })
  })
  test('an override of the fee changes its digest', async () => {
    const other = await Ics.start(world, { ONEBOX_FEE_PCT: '6' })
    const [ours, theirs] = await Promise.all([ics.get('/contract'), other.get('/contract')])
    expect(theirs['fees']).toMatchObject({ feePct: 6 })
    expect(theirs['fees']).not.toEqual(ours['fees'])
    await other.stop()
  })
  test('GET /jobs/{id} tells a job, and 404 for none', async () => {
    const jobId = await world.create('50')
    expect(await ics.get(`/jobs/${jobId}`)).toMatchObject({ state: 'created', agent: null, reward: '50.00', fee: '2.50', escrow: '52.50', uri: 'ipfs://spec' })
    for (const id of ['999', '0', 'x', '01']) expect(await ics.get(`/jobs/${id}`)).toMatchObject({ code: 'JOB_NOT_FOUND' })
  })
  test('POST /faucet funds a signer and his smart account once', async () => {
    const first = await (await post('/faucet', '{"userId":"newcomer"}')).json()
    expect(first).toMatchObject({ address: world.address('newcomer'), account: expect.any(String), txes: Array(4).fill(expect.any(String)) })
    expect(await (await post('/faucet', '{"userId":"newcomer"}')).json()).toMatchObject({ txes: [] })
    expect(await world.balance(world.address('newcomer'))).toBe(10n ** 21n)
    expect(await code(await post('/faucet', '{"userId":""}'))).toEqual([422, 'INTENT_INVALID'])
  })
})

describe('the log', () => {
  test('names each call and holds no secret and no raw transaction', async () => {
    const key = freshKey()
    await ics.ask({ intent: 'stake', params: { stake: { amountAGIA: '1', role: 'platform' } }, key })
    const ended = ics.log.split('\n').filter((text) => text.includes(key) && text.includes('call ended'))
    expect(ended.map((text) => JSON.parse(text) as object)).toMatchObject([
      { key, intent: 'stake', user: 'operator', plan_id: PLAN, outcome: 'executed', trace_id: expect.any(String) },
    ])
    expect(ics.log).not.toContain(TOKEN)
    expect(ics.log).not.toContain('0x02f')
    expect(ics.log).not.toContain(world.local.mnemonic)
  })
})

describe('the outcome', () => {
  const told = (answer: Response) => {
    const head = answer.headers.get('intent-outcome')
    return head === null ? undefined : (JSON.parse(Buffer.from(head, 'base64url').toString()) as unknown)
  }

  test.each([true, false])('of a call that ends at once comes with the head as it is told later (confirm: %s)', async (confirm) => {
    const ask = { intent: 'screen', params: { description: 'label 500 images of birds' }, confirm, key: freshKey() }
    const answer = await ics.open(ask)
    expect(told(answer)).toEqual(await ics.status(answer.headers.get('intent-key') ?? ''))
    await answer.text()
  })

  test('of a replayed key comes with it, too; of a call under way nothing does', async () => {
    const ask = { intent: 'stake', params: { stake: { amountAGIA: '10', role: 'agent' } }, user: 'agent', key: freshKey() }
    const first = await ics.open(ask)
    expect(told(first)).toBeUndefined()
    await first.text()
    const again = await ics.open(ask)
    expect(told(again)).toEqual(await ics.ended(ask.key))
    expect(await again.text()).toContain('✅ Deposited 10.00 AGIALPHA for agent.\n')
  })
})
