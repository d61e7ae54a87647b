import { describe, expect, test } from 'vitest'
import { golden } from './golden.ts'
import { type Ask, freshKey } from './ics.ts'
import { ics, staged, world } from './stage.ts'
import { SPEC, VALIDATORS } from './world.ts'

staged((on) => on.stakeAll())

async function look(ask: Ask) {
  const answer = await ics.ask(ask)
  const status = await ics.status(answer.key)
  return { text: answer.text, ...status, code: status.error?.code }
}

const collect = (jobId: bigint, key = freshKey()): Ask => ({ intent: 'await_submission', params: { jobId: String(jobId) }, key })
const quorum = (jobId: bigint, key = freshKey(), user = 'operator'): Ask => ({ intent: 'await_quorum', params: { jobId: String(jobId) }, key, user })
const turn = (jobId: bigint, stage: string, user = 'validator1', key = freshKey()): Ask => ({
  ...{ intent: 'await_turn', key, user },
  params: { jobId: String(jobId), stage },
})

/** A job with work handed in and no committee yet. */
async function handedIn(): Promise<bigint> {
  const jobId = await world.create('10')
  await world.apply(jobId)
  await world.submit(jobId)
  return jobId
}

describe('a wait', () => {
  test('says a line only when something changed, and replays the earlier ones', async () => {
    const jobId = await world.create('10')
    const ask = collect(jobId)
    const first = await look(ask)
    expect(first).toMatchObject({ outcome: 'waiting', retry_after: 1 })
    await golden('await_submission/waiting', first)
    await golden('await_submission/dry_run.waiting', await look({ ...ask, confirm: false }))
    expect(first.waiting_for).toContain('an agent to take job')
    expect((await look(ask)).text).toBe(first.text)
    await world.apply(jobId)
    const third = await look(ask)
    expect(third.text.startsWith(first.text)).toBe(true)
    expect(third.lines).toBe(first.lines + 1)
    await world.submit(jobId)
    const last = await look(ask)
    await golden('await_submission/executed', last)
    expect((await look(ask)).text).toBe(last.text)
  })

  test('of a late request looks at nothing', async () => {
    const jobId = await world.create('10')
    const ask = collect(jobId)
    const first = await look(ask)
    await world.apply(jobId)
    expect((await look({ ...ask, notAfter: 1 })).text).toBe(first.text)
    expect((await look(ask)).lines).toBe(first.lines + 1)
  })

  test('ends at deadline and grace, naming the way home', async () => {
    const [open, taken] = [await world.create('10'), await world.create('10')]
    await world.apply(taken)
    await world.pass(86_400 + world.local.expirationGracePeriod - 5)
    expect(await look(collect(taken))).toMatchObject({ outcome: 'waiting' })
    await world.pass(10)
    for (const jobId of [open, taken]) {
      const ended = await look(collect(jobId))
      const { outcome, error } = ended
      expect([outcome, error?.code]).toEqual(['failed', 'DEADLINE_PASSED'])
      await golden(`await_submission/failed.DEADLINE_PASSED.${jobId === open ? 'open' : 'taken'}`, ended)
      expect(`${error?.message} ${error?.fix}`).toContain('job.reclaim')
    }
  })

  test('for a cancelled or unknown job ends', async () => {
    const jobId = await world.create('10')
    await world.as('operator', 'jobRegistry', 'cancelJob', [jobId])
    const [cancelled, unknown] = [await look(collect(jobId)), await look(collect(9_999n))]
    expect(cancelled).toMatchObject({ outcome: 'failed', code: 'JOB_CANCELLED' })
    expect(unknown).toMatchObject({ outcome: 'rejected', code: 'JOB_NOT_FOUND' })
    await golden('await_submission/failed.JOB_CANCELLED', cancelled)
    await golden('await_submission/rejected.JOB_NOT_FOUND', unknown)
  })
})

describe('await_quorum', () => {
  test('chooses the committee, waits, counts', { timeout: 60_000 }, async () => {
    const jobId = await handedIn()
    await world.pass(1)
    await world.pass(1)
    const ask = quorum(jobId)
    const chosen = await look(ask)
    expect(chosen.text).toContain('⛓️ Tx submitted: 0x')
    expect(chosen.waiting_for).toContain('0 of 3 committed')
    await world.vote(jobId, { validator1: true, validator2: true, validator3: false })
    const counted = await look(ask)
    // Two of three heads are 66.7 %: enough by heads and by stake.
    expect(counted).toMatchObject({ outcome: 'executed', outputs: { success: true, approvals: 2, rejections: 1 } })
    expect(counted.receipt?.txes).toHaveLength(2)
    await golden('await_quorum/executed', counted)
  })

  test('counts a vote without dissent', { timeout: 60_000 }, async () => {
    const jobId = await handedIn()
    await world.pass(1)
    await world.pass(1)
    const ask = quorum(jobId)
    await look(ask)
    await world.vote(jobId, { validator1: true, validator2: true, validator3: true })
    await golden('await_quorum/executed.unanimous', await look(ask))
  })

  test('by many at once makes each call once', { timeout: 60_000 }, async () => {
    const jobId = await handedIn()
    await world.pass(1)
    await world.pass(1)
    const users = ['operator', 'approver', 'viewer', 'governance']
    const looks = await Promise.all(users.map((user) => look(quorum(jobId, freshKey(), user))))
    expect(looks.map(({ outcome }) => outcome)).toEqual(users.map(() => 'waiting'))
    expect(await world.number('validationModule', 'jobNonce', [jobId])).toBe(1n)
  })

  test('ends when the vote was lost, naming the dispute', { timeout: 60_000 }, async () => {
    const jobId = await world.submitted('10')
    await world.vote(jobId, { validator1: false, validator2: false, validator3: true })
    const lost = await look(quorum(jobId))
    const { outcome, error, text } = lost
    expect([outcome, error?.code]).toEqual(['failed', 'VALIDATION_REJECTED'])
    await golden('await_quorum/failed.VALIDATION_REJECTED', lost)
    expect(text.trimEnd().split('\n').at(-1)).toContain('validator.dispute')
  })

  test('still chooses a committee after a long outage: late judges are better than none', { timeout: 60_000 }, async () => {
    const jobId = await handedIn()
    const { commitWindow, revealWindow, forceFinalizeGrace } = world.local
    await world.pass(commitWindow + revealWindow + forceFinalizeGrace + 60)
    await world.pass(1)
    expect(await look(quorum(jobId))).toMatchObject({ outcome: 'waiting', waiting_for: expect.stringContaining('votes on job') })
    expect(await world.number('validationModule', 'jobNonce', [jobId])).toBe(1n)
  })

  test('ends a vote without a quorum after its grace', { timeout: 60_000 }, async () => {
    const jobId = await world.submitted('10')
    await world.pass(world.local.commitWindow + world.local.revealWindow + 2)
    const ask = quorum(jobId)
    expect((await look(ask)).waiting_for).toContain('0 of 3 needed votes')
    await world.pass(world.local.forceFinalizeGrace + 2)
    const ended = await look(ask)
    expect(ended).toMatchObject({ outcome: 'failed', error: { code: 'VALIDATION_REJECTED' } })
    expect(ended.error?.fix).toContain('job.finalize with success: false')
    await golden('await_quorum/failed.VALIDATION_REJECTED.no-quorum', ended)
  })

  test('shown without consent sends nothing', async () => {
    const jobId = await handedIn()
    await world.pass(1)
    await world.pass(1)
    await golden('await_quorum/dry_run', await look({ ...quorum(jobId), confirm: false }))
    expect(await world.number('validationModule', 'jobNonce', [jobId])).toBe(0n)
  })
})

describe('await_turn', () => {
  test('comes for the chosen, with the end of the window', { timeout: 60_000 }, async () => {
    const jobId = await handedIn()
    const key = freshKey()
    expect((await look(turn(jobId, 'commit', 'validator1', key))).waiting_for).toContain('committee')
    await world.pass(1)
    await world.pass(1)
    await world.as('viewer', 'validationModule', 'selectValidators', [jobId, 7n])
    const until = Number(await world.number('validationModule', 'commitDeadline', [jobId]))
    const mine = await look(turn(jobId, 'commit', 'validator1', key))
    expect(mine).toMatchObject({ outcome: 'executed', outputs: { until, stage: 'commit', validator: world.address('validator1') } })
    await golden('await_turn/executed.commit', mine)
    await golden('await_turn/dry_run.commit', await look({ ...turn(jobId, 'commit'), confirm: false }))
    const stranger = await look(turn(jobId, 'commit', 'viewer'))
    expect(stranger).toMatchObject({ outcome: 'failed', code: 'NOT_SELECTED' })
    await golden('await_turn/failed.NOT_SELECTED', stranger)
    expect((await look(turn(jobId, 'reveal'))).waiting_for).toContain('the commit window')
  })

  test('ends when its window has gone', { timeout: 60_000 }, async () => {
    const jobId = await world.submitted('10')
    const commit = await world.commitment('validator1', jobId, true, SPEC)
    await world.as('validator1', 'validationModule', 'commitValidation', [jobId, commit, 'carol', []])
    await world.pass(world.local.commitWindow + 1)
    await golden('await_turn/failed.DEADLINE_PASSED.commit', await look(turn(jobId, 'commit', 'validator2')))
    expect(await look(turn(jobId, 'commit', 'validator1'))).toMatchObject({ outcome: 'executed' })
    await golden('await_turn/failed.DEADLINE_PASSED.nothing-committed', await look(turn(jobId, 'reveal', 'validator2')))
    await golden('await_turn/executed.reveal', await look(turn(jobId, 'reveal', 'validator1')))
    await world.pass(world.local.revealWindow + 1)
    for (const user of VALIDATORS) await golden('await_turn/failed.DEADLINE_PASSED.reveal', await look(turn(jobId, 'reveal', user)))
  })
})
