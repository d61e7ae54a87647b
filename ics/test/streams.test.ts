import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { type Ask, Ics, masked } from './ics.ts'
import { SPEC, VALIDATORS, World } from './world.ts'

let world: World
let ics: Ics
let submitted: string

beforeAll(async () => {
  world = await World.start()
  await world.stakeAll()
  submitted = String(await world.submitted('100'))
  ics = await Ics.start(world)
})
afterAll(async () => {
  await ics.stop()
  await world.stop()
})

const spec = { uri: 'ipfs://spec', specHash: SPEC }
const create = async (changes = {}): Promise<Ask> => {
  const job = { rewardAGIA: '5.125', deadline: 1, title: 'Cats', deadlineAt: Number(await world.now()) + 3_600, ...spec, ...changes }
  return { intent: 'create_job', params: { job } }
}
const stake = (amountAGIA: string, user: string): Ask => ({ intent: 'stake', params: { stake: { amountAGIA, role: 'platform' } }, user })
const vote = (stage: string, approve = true, user = 'validator1', subdomain = 'carol'): Ask => ({
  ...{ intent: 'validate', user },
  params: { jobId: submitted, approve, stage, ens: { subdomain } },
})
const apply = (jobId: bigint, user = 'agent'): Ask => ({ intent: 'apply_job', user, params: { jobId: String(jobId), ens: { subdomain: 'alice' } } })
const submit = (jobId: bigint, result: object = { payload: { a: 1 } }): Ask => ({
  ...{ intent: 'submit_work', user: 'agent' },
  params: { jobId: String(jobId), result, ens: { subdomain: 'alice' } },
})
const said = async (ask: Ask) => {
  const answer = await ics.ask(ask)
  const { outcome, error } = await ics.status(answer.key)
  return { text: masked(answer.text), outcome, code: error?.code }
}
const dry = (ask: Ask) => said({ ...ask, confirm: false })

describe('create_job', () => {
  test('shows', async () => expect(await dry(await create())).toMatchSnapshot())
  test('does', async () => expect(await said(await create())).toMatchSnapshot())
  test('is refused above the limit', async () => expect(await said(await create({ rewardAGIA: '1001' }))).toMatchSnapshot())
  test('is refused without money', async () => expect(await said({ ...(await create()), user: 'nobody' })).toMatchSnapshot())
  test('is refused past the longest deadline', async () => {
    const late = await create({ deadlineAt: Number(await world.now()) + 8 * 86_400 })
    expect(await said(late)).toMatchSnapshot()
  })
  test('is refused without its instant', async () => expect(await said(await create({ deadlineAt: undefined }))).toMatchSnapshot())
  test('of whole days at the limit keeps a margin', async () => {
    expect(await dry(await create({ deadlineAt: undefined, deadline: 7 }))).toMatchObject({ outcome: 'dry_run' })
  })
})

describe('apply_job and submit_work', () => {
  test('show and do', async () => {
    const jobId = await world.create('10')
    expect(await dry(apply(jobId))).toMatchSnapshot('apply shown')
    expect(await said(apply(jobId))).toMatchSnapshot('applied')
    expect(await said(apply(jobId))).toMatchSnapshot('applied again')
    expect(await dry(submit(jobId))).toMatchSnapshot('submit shown')
    expect(await said(submit(jobId))).toMatchSnapshot('submitted')
    expect(await said(submit(jobId, { uri: 'ipfs://x' }))).toMatchSnapshot('submitted again')
  })
  test('are refused to a stranger', async () => {
    expect(await said(apply(await world.create('10'), 'viewer'))).toMatchSnapshot()
  })
})

describe('stake', () => {
  test('shows with the approval it needs', async () => expect(await dry(stake('7.5', 'viewer'))).toMatchSnapshot())
  test('does', async () => expect(await said(stake('7.5', 'viewer'))).toMatchSnapshot())
  test('is refused below the minimum', async () => expect(await said(stake('0.5', 'approver'))).toMatchSnapshot())
  test('is refused without money', async () => expect(await said(stake('5000', 'viewer'))).toMatchSnapshot())
})

describe('validate', () => {
  test('is refused outside its window', async () => {
    expect(await said(vote('reveal'))).toMatchSnapshot()
  })
  test('is refused to a stranger', async () => expect(await said(vote('commit', true, 'viewer'))).toMatchSnapshot())
  test('shows and does', { timeout: 60_000 }, async () => {
    expect(await dry(vote('commit'))).toMatchSnapshot('commit shown')
    expect(await said(vote('commit'))).toMatchSnapshot('committed')
    await world.pass(world.local.commitWindow + 1)
    expect(await said(vote('reveal', false))).toMatchSnapshot('another vote than the committed one')
    expect(await said(vote('reveal'))).toMatchSnapshot('revealed')
  })
})

describe('finalize', () => {
  test('shows and does, both ways', { timeout: 60_000 }, async () => {
    for (const success of [true, false]) {
      const jobId = await world.submitted('100')
      if (success) await world.vote(jobId, Object.fromEntries(VALIDATORS.map((who) => [who, true])))
      await world.pass(200)
      await world.as('viewer', 'validationModule', success ? 'finalize' : 'forceFinalize', [jobId])
      const ask: Ask = { intent: 'finalize', params: { jobId: String(jobId), success } }
      expect(await dry(ask)).toMatchSnapshot(`shown: ${success}`)
      expect(await said({ ...ask, params: { jobId: String(jobId), success: !success } })).toMatchSnapshot(`a lie: ${success}`)
      const paid = await ics.ask(ask)
      expect(masked(paid.text)).toMatchSnapshot(`done: ${success}`)
      const { outputs } = await ics.status(paid.key)
      const { payouts, fee, burnt } = outputs as { payouts: { amount: string }[]; fee: string; burnt: string }
      const total = [...payouts.map(({ amount }) => amount), fee, burnt].reduce((sum, part) => sum + Number(part), 0)
      expect(total).toBeCloseTo(105, 9)
      expect(await said(ask)).toMatchSnapshot(`again: ${success}`)
    }
  })
  test('of an unknown job is refused', async () => {
    expect(await said({ intent: 'finalize', params: { jobId: '999', success: true } })).toMatchSnapshot()
  })
})

describe('pin', () => {
  const pin: Ask = { intent: 'pin', params: { spec: { title: 'Cats', pay: 5 }, attachments: [{ name: 'a.png' }] } }
  test('shows what it does', async () => {
    const shown = await ics.ask({ ...pin, confirm: false })
    const done = await ics.ask(pin)
    expect([shown.text, done.text].map(masked)).toMatchSnapshot()
    expect((await ics.status(shown.key)).outputs).toEqual((await ics.status(done.key)).outputs)
  })
})

describe('screen', () => {
  const screen = (description: string, key?: string): Ask => ({ intent: 'screen', params: { title: 'Cats', description }, ...(key && { key }) })
  const text = 'Label one hundred pictures of cats and say for each whether the cat is asleep or awake'
  test('passes, warns of a near-duplicate of another run, and rejects banned terms', async () => {
    expect(await dry(screen(text))).toMatchSnapshot('shown')
    expect(await said(screen(text, 'run_a:gate:0'))).toMatchSnapshot('first')
    expect(await said(screen(`${text} now`, 'run_a~1:gate:1'))).toMatchSnapshot('own child run')
    expect(await said(screen(`${text} now`, 'run_b:gate:0'))).toMatchSnapshot('another run')
    expect(await said(screen('write ＭＡＬＷＡＲＥ, please', 'run_c:gate:0'))).toMatchSnapshot('banned')
  })
})
