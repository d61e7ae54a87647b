import { describe, expect, test } from 'vitest'
import { type Said, golden } from './golden.ts'
import type { Ask } from './ics.ts'
import { ics, staged, world } from './stage.ts'
import { SPEC, VALIDATORS } from './world.ts'

staged((on) => on.stakeAll())

const spec = { uri: 'ipfs://bafkreibydkiemtljkpbsn65u7au7nswkaprdn5uvitgemtpxzhzpsrps2i', specHash: SPEC }
const create = async (changes = {}): Promise<Ask> => {
  const job = { rewardAGIA: '5', deadline: 1, title: 'Cats', deadlineAt: Number(await world.now()) + 3_600, ...spec, ...changes }
  // One who has approved nothing yet, as anybody who posts a first job.
  return { intent: 'create_job', user: 'viewer', params: { job } }
}
const stake = (amountAGIA: string, user: string, role = 'platform'): Ask => ({ intent: 'stake', params: { stake: { amountAGIA, role } }, user })
const vote = (jobId: bigint, stage: string, approve = true, user = 'validator1'): Ask => ({
  ...{ intent: 'validate', user },
  params: { jobId: String(jobId), approve, stage, ens: { subdomain: 'carol' } },
})
const apply = (jobId: bigint, user = 'agent'): Ask => ({ intent: 'apply_job', user, params: { jobId: String(jobId), ens: { subdomain: 'alice' } } })
const submit = (jobId: bigint, result: object = { payload: { a: 1 } }): Ask => ({
  ...{ intent: 'submit_work', user: 'agent' },
  params: { jobId: String(jobId), result, ens: { subdomain: 'alice' } },
})
const said = async (ask: Ask): Promise<Said> => {
  const { key, text } = await ics.ask(ask)
  const { outcome, error } = await ics.status(key)
  return { text, outcome, code: error?.code }
}
const ends = async (ask: Ask, how: string) => golden(`${ask.intent}/${how}`, await said(ask))
const does = (ask: Ask, note?: string) => ends(ask, noted('executed', note))
const shows = (ask: Ask, note?: string) => ends({ ...ask, confirm: false }, noted('dry_run', note))
const refuses = (ask: Ask, code: string, note?: string) => ends(ask, noted(`rejected.${code}`, note))
const noted = (how: string, note?: string) => (note === undefined ? how : `${how}.${note}`)

describe('create_job', () => {
  test('shows', async () => shows(await create()))
  test('does', async () => does(await create()))
  test('keeps every digit of a reward', async () => does(await create({ rewardAGIA: '1.005' }), 'fraction'))
  test('is refused above the limit', async () => refuses(await create({ rewardAGIA: '1001' }), 'REWARD_TOO_HIGH'))
  test('is refused without money', async () => refuses({ ...(await create()), user: 'nobody' }, 'INSUFFICIENT_BALANCE'))
  test('is refused past the longest deadline', async () => {
    await refuses(await create({ deadlineAt: Number(await world.now()) + 8 * 86_400 }), 'DEADLINE_INVALID')
  })
  test('is refused without its instant', async () => refuses(await create({ deadlineAt: undefined }), 'DEADLINE_AT_REQUIRED'))
  test('of whole days at the limit keeps a margin', async () => {
    expect(await said({ ...(await create({ deadlineAt: undefined, deadline: 7 })), confirm: false })).toMatchObject({ outcome: 'dry_run' })
  })
})

describe('apply_job and submit_work', () => {
  test('show and do, once', async () => {
    const jobId = await world.create('10')
    await shows(apply(jobId))
    await does(apply(jobId))
    await refuses(apply(jobId), 'NOT_OPEN')
    await shows(submit(jobId))
    await does(submit(jobId))
    await refuses(submit(jobId, { uri: 'ipfs://x' }), 'INVALID_JOB_STATE')
  })
  test('are refused to a stranger', async () => refuses(apply(await world.create('10'), 'viewer'), 'ENS_MISMATCH'))
  test('of another agent is refused', async () => {
    const jobId = await world.create('10')
    await world.apply(jobId)
    await refuses({ ...submit(jobId), user: 'viewer' }, 'ONLY_AGENT')
  })
})

describe('stake', () => {
  test('shows with the approval it needs', async () => {
    for (const [amount, role] of [['20', 'agent'], ['5', 'validator']] as const) await shows(stake(amount, 'viewer', role), role)
  })
  test('does', async () => {
    for (const [amount, role] of [['20', 'agent'], ['5', 'validator']] as const) await does(stake(amount, 'viewer', role), role)
  })
  test('is refused below the minimum', async () => refuses(stake('0.5', 'approver'), 'BELOW_MINIMUM_STAKE'))
  test('is refused without money', async () => refuses(stake('5000', 'approver'), 'INSUFFICIENT_BALANCE'))
})

describe('validate', () => {
  // A fresh job each: its windows run by the clock, however slow the tests before it were.
  test('is refused outside its window', async () => refuses(vote(await world.submitted('10'), 'reveal'), 'COMMIT_PHASE_ACTIVE'))
  test('is refused to a stranger', async () => refuses(vote(await world.submitted('10'), 'commit', true, 'viewer'), 'NOT_VALIDATOR'))
  test('shows and does', { timeout: 60_000 }, async () => {
    const jobId = await world.submitted('10')
    await shows(vote(jobId, 'commit'), 'commit')
    await does(vote(jobId, 'commit'), 'commit')
    await world.pass(world.local.commitWindow + 1)
    await refuses(vote(jobId, 'reveal', false), 'INVALID_REVEAL')
    await shows(vote(jobId, 'reveal'), 'reveal')
    await does(vote(jobId, 'reveal'), 'reveal')
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
      const note = success ? 'won' : 'lost'
      await shows(ask, note)
      await refuses({ ...ask, params: { jobId: String(jobId), success: !success } }, 'OUTCOME_MISMATCH', note)
      await refuses({ ...ask, user: 'viewer' }, 'ONLY_EMPLOYER')
      const { key, text } = await ics.ask(ask)
      const { outcome, outputs } = await ics.status(key)
      await golden(`finalize/executed.${note}`, { text, outcome })
      const { payouts, fee, burnt } = outputs as { payouts: { amount: string }[]; fee: string; burnt: string }
      const total = [...payouts.map(({ amount }) => amount), fee, burnt].reduce((sum, part) => sum + Number(part), 0)
      expect(total).toBeCloseTo(105, 9)
      await refuses(ask, 'INVALID_JOB_STATE')
    }
  })
  test('of an unknown job is refused', async () => refuses({ intent: 'finalize', params: { jobId: '999', success: true } }, 'JOB_NOT_FOUND'))
})

describe('pin', () => {
  const pin: Ask = { intent: 'pin', params: { spec: { title: 'Cats', pay: 5 }, attachments: [{ name: 'a.png' }] } }
  test('shows what it does', async () => {
    await shows(pin)
    await does(pin)
    const [shown, done] = [await ics.ask({ ...pin, confirm: false }), await ics.ask(pin)]
    expect((await ics.status(shown.key)).outputs).toEqual((await ics.status(done.key)).outputs)
  })
})

describe('screen', () => {
  const screen = (description: string, key?: string): Ask => ({ intent: 'screen', params: { title: 'Cats', description }, ...(key && { key }) })
  const text = 'Label one hundred pictures of cats and say for each whether the cat is asleep or awake'
  test('passes, warns of a near-duplicate of another run, and rejects banned terms', async () => {
    await shows(screen(text))
    await does(screen(text, 'run_a:gate:0'))
    await does(screen(`${text} now`, 'run_a~1:gate:1'))
    await does(screen(`${text} now`, 'run_b:gate:0'), 'near-duplicate')
    await refuses(screen('write ＭＡＬＷＡＲＥ, please', 'run_c:gate:0'), 'MODERATION_REJECTED')
  })
})

describe('every intent', () => {
  const pin = { intent: 'pin', params: { spec: {} } }
  test('that comes too late is refused', async () => golden('any/rejected.NOT_AFTER_PASSED', await said({ ...pin, notAfter: 1_700_000_000 })))
  test('whose key was fenced is refused', async () => {
    await ics.fence('run_fenced:gate:0')
    await golden('any/rejected.FENCED', await said({ ...pin, key: 'run_fenced:gate:0' }))
  })
})
