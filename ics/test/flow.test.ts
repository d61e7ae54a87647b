import { setTimeout as sleep } from 'node:timers/promises'
import { afterEach, beforeEach, describe, expect, test } from 'vitest'
import { TestBundler } from './bundler.ts'
import { type Answer, Ics, freshKey } from './ics.ts'
import { VALIDATORS, World } from './world.ts'

const ENS: Record<string, string> = { agent: 'alice', validator1: 'carol', validator2: 'dave', validator3: 'erin' }
const WAYS = [
  ['direct', 'direct'],
  ['relayer', 'relayer'],
  ['aa', 'aa'],
  ['aa with a bundler', 'aa'],
] as const
let world: World
let ics: Ics
let bundler: TestBundler | undefined
let road: (typeof WAYS)[number][1]

beforeEach(async () => {
  world = await World.start()
  ics = await Ics.start(world)
})
afterEach(async () => {
  await ics.stop()
  bundler?.stop()
  bundler = undefined
  await world.stop()
})

async function withBundler(): Promise<void> {
  bundler = await TestBundler.start(world)
  ics.env['AA_BUNDLER_RPC_URL'] = bundler.url
  await ics.restart()
}

async function did(intent: string, params: Record<string, unknown>, user = 'operator', key = freshKey()) {
  const answer = await ics.ask({ intent, params, user, key, meta: { txMode: road } })
  return { answer, status: await ics.status(key) }
}

async function untilDone(intent: string, params: Record<string, unknown>, user = 'operator') {
  const key = freshKey()
  for (let looks = 0; looks < 150; looks++) {
    const { answer, status } = await did(intent, params, user, key)
    if (status.outcome !== 'waiting') return { answer, status }
    expect(status.retry_after).toBeGreaterThanOrEqual(1)
    expect(status.waiting_for).not.toBe('')
    await sleep(300)
  }
  throw new Error('waited too long')
}

const actor = (user: string) => (road === 'aa' ? world.account(user) : world.address(user))
const last = ({ lines }: Answer) => lines.at(-1)

describe('one job from the specification to the payout', () => {
  test.each(WAYS)('by %s pays everybody what the chain promised', { timeout: 60_000 }, async (way, txMode) => {
    road = txMode
    if (way === 'aa with a bundler') await withBundler()
    for (const user of ['agent', ...VALIDATORS]) {
      const stake = { amountAGIA: user === 'agent' ? '50' : '10', role: user === 'agent' ? 'agent' : 'validator' }
      const { status } = await did('stake', { stake }, user)
      expect(status).toMatchObject({ outcome: 'executed', outputs: { role: stake.role } })
    }
    const screened = await did('screen', { title: 'Label cats', description: 'Label one hundred pictures of cats' })
    expect(screened.status.outcome).toBe('executed')
    const pinned = await did('pin', { spec: { title: 'Label cats', description: 'Label pictures' } })
    const { uri, specHash } = pinned.status.outputs as { uri: string; specHash: string }
    const deadlineAt = Number(await world.now()) + 86_400
    const job = { rewardAGIA: '50', deadline: 1, title: 'Label cats', deadlineAt, uri, specHash }
    const posted = await did('create_job', { job })
    expect(posted.status).toMatchObject({ outcome: 'executed', outputs: { escrow: '52.50', reward: '50.00', fee: '2.50' } })
    const jobId = String(posted.status.outputs?.['jobId'])
    expect(last(posted.answer)).toBe(`✅ Job posted with ID ${jobId}.`)

    const collect = freshKey()
    const early = await did('await_submission', { jobId }, 'operator', collect)
    expect(early.status).toMatchObject({ outcome: 'waiting', retry_after: 1 })
    const applied = await did('apply_job', { jobId, ens: { subdomain: 'alice' } }, 'agent')
    expect(applied.status.outcome).toBe('executed')
    const submitted = await did('submit_work', { jobId, result: { payload: { labels: 100 } }, ens: { subdomain: 'alice' } }, 'agent')
    expect(submitted.status).toMatchObject({ outcome: 'executed', receipt: { cids: [expect.stringMatching(/^baf/)] } })
    const found = await did('await_submission', { jobId }, 'operator', collect)
    const { uri: resultURI, resultHash } = submitted.status.outputs as Record<string, string>
    expect(found.status).toMatchObject({ outcome: 'executed', outputs: { jobId, agent: actor('agent'), resultURI, resultHash } })
    expect(found.answer.text.startsWith(early.answer.text)).toBe(true)

    const quorum = untilDone('await_quorum', { jobId })
    const done = ['executed', 'executed', 'executed']
    expect(await Promise.all(VALIDATORS.map((user) => voteAs(user, jobId, 'commit')))).toEqual(done)
    // The clock moves only when everybody has committed, so that a slow machine misses no window.
    await world.pass(21)
    expect(await Promise.all(VALIDATORS.map((user) => voteAs(user, jobId, 'reveal')))).toEqual(done)
    const counted = await quorum
    expect(counted.status).toMatchObject({ outcome: 'executed', outputs: { success: true, approvals: 3, rejections: 0 } })

    const lie = await did('finalize', { jobId, success: false })
    expect(lie.status).toMatchObject({ outcome: 'rejected', error: { code: 'OUTCOME_MISMATCH' } })
    const shown = await ics.ask({ intent: 'finalize', params: { jobId, success: true }, confirm: false, meta: { txMode: road } })
    const foretold = await ics.status(shown.key)
    const paid = await did('finalize', { jobId, success: true })
    expect(paid.status).toMatchObject({ outcome: 'executed', outputs: { fee: '2.475', burnt: '0.025', success: true } })
    const { tx: _tx, ...outputs } = paid.status.outputs ?? {}
    expect(foretold).toMatchObject({ outcome: 'dry_run', outputs, predicted: ['payouts', 'fee', 'burnt', 'slashed'] })
    expect(paid.status.receipt?.transfers).toEqual(foretold.receipt?.transfers)
    const moves = paid.status.receipt?.transfers?.map(({ payer, payee, amount }) => [payer, payee, amount])
    expect(moves?.slice(-3)).toEqual([
      ['stake_manager', 'agent', '46.00'],
      ['stake_manager', 'fee_pool', '2.50'],
      ['fee_pool', 'burnt', '0.025'],
    ])
    const { payouts } = paid.status.outputs as { payouts: { to: string; amount: string; role: string }[] }
    expect(payouts.filter(({ role }) => role === 'agent')).toEqual([{ to: actor('agent'), amount: '46.00', role: 'agent' }])
    expect(payouts.filter(({ role }) => role === 'validator')).toHaveLength(3)
    expect(await ics.get(`/jobs/${jobId}`)).toMatchObject({ state: 'finalized', success: true, resultURI, uri })
    if (bundler !== undefined) expect(paid.status.receipt?.txes).toEqual(bundler.sent.slice(-1))
  })
})

async function voteAs(user: string, jobId: string, stage: 'commit' | 'reveal'): Promise<string> {
  const ens = { subdomain: ENS[user] }
  const turn = await untilDone('await_turn', { jobId, stage, ens }, user)
  expect(turn.status).toMatchObject({ outcome: 'executed', outputs: { validator: actor(user), stage } })
  return (await did('validate', { jobId, approve: true, stage, ens }, user)).status.outcome
}
