import { keccak256, stringToBytes } from 'viem'
import { describe, expect, test } from 'vitest'
import { golden } from './golden.ts'
import type { Ask } from './ics.ts'
import { ics, staged, world } from './stage.ts'
import { SPEC, VALIDATORS } from './world.ts'

// Every way in which a job can end without a plain success: each leads by an intent of a user to settled money.
staged((on) => on.stakeAll())

async function said(ask: Ask) {
  const answer = await ics.ask(ask)
  const status = await ics.status(answer.key)
  return { text: answer.text, ...status, code: status.error?.code, fix: status.error?.fix ?? '' }
}
const refuses = async (ask: Ask, how: string) => golden(`${ask.intent}/rejected.${how}`, await said(ask))
const dry = (ask: Ask) => said({ ...ask, confirm: false })
const cancel = (jobId: bigint, user = 'operator'): Ask => ({ intent: 'cancel_job', params: { jobId: String(jobId), mode: 'cancel' }, user })
const reclaim = (jobId: bigint, user = 'operator'): Ask => ({ intent: 'cancel_job', params: { jobId: String(jobId), mode: 'reclaim' }, user })
const finalize = (jobId: bigint, success: boolean, user = 'operator'): Ask => ({ intent: 'finalize', params: { jobId: String(jobId), success }, user })
const dispute = (jobId: bigint, why: object = { reason: 'the labels are wrong' }, user = 'operator'): Ask => ({
  ...{ intent: 'dispute', user },
  params: { jobId: String(jobId), ...why },
})
const held = (user: string) => world.balance(world.address(user))
const tokens = (text: string) => BigInt(text.replace('.', '').padEnd(text.indexOf('.') + 18, '0'))

/** A job whose vote was counted, won or lost. */
async function voted(success: boolean): Promise<bigint> {
  const jobId = await world.submitted('100')
  await world.vote(jobId, Object.fromEntries(VALIDATORS.map((who) => [who, success])))
  await world.as('viewer', 'validationModule', 'finalize', [jobId])
  return jobId
}

async function late(jobId: bigint): Promise<bigint> {
  await world.apply(jobId)
  await world.pass(86_400 + world.local.expirationGracePeriod + 1)
  return jobId
}

async function decided(jobId: bigint, employerWins: boolean): Promise<void> {
  await world.pass(world.local.disputeWindow + 1)
  await world.as('governance', 'disputeModule', 'resolveDispute', [jobId, employerWins])
}

describe('cancel_job while nobody has taken the job', () => {
  test('shows and does: the whole escrow comes home', async () => {
    const jobId = await world.create('100')
    await golden('cancel_job/dry_run.cancel', await dry(cancel(jobId)))
    const before = await held('operator')
    const done = await said(cancel(jobId))
    await golden('cancel_job/executed.cancel', done)
    const home = { to: world.address('operator'), amount: '105.00', role: 'employer' }
    expect(done).toMatchObject({ outcome: 'executed', outputs: { returned: '105.00', to: home.to, payouts: [home], slashed: '0.00' } })
    expect(done.receipt?.payouts).toEqual([home])
    expect((await held('operator')) - before).toBe(tokens('105.00'))
    const again = await said(cancel(jobId))
    expect(again.fix).toBe('Nothing is left to do for this job.')
    await golden('cancel_job/rejected.CANNOT_CANCEL.ended', again)
  })

  test('is refused to a stranger, for an unknown job, and once an agent works', async () => {
    const jobId = await world.create('10')
    await refuses(cancel(jobId, 'viewer'), 'ONLY_EMPLOYER')
    await refuses(cancel(999n), 'JOB_NOT_FOUND')
    await world.apply(jobId)
    const taken = await said(cancel(jobId))
    await golden('cancel_job/rejected.CANNOT_CANCEL.taken', taken)
    expect(taken.fix).toMatch(/^Reclaim job [0-9]+ after .* \(job\.reclaim\)\.$/)
  })
})

describe('cancel_job after deadline and grace', () => {
  test('shows and does: escrow and the lost job stake come home', async () => {
    const jobId = await late(await world.create('100'))
    await golden('cancel_job/dry_run.reclaim', await dry(reclaim(jobId)))
    const [before, staked] = [await held('operator'), await world.number('stakeManager', 'stakeOf', [world.address('agent'), 0])]
    const done = await said(reclaim(jobId))
    await golden('cancel_job/executed.reclaim', done)
    expect(done.outputs).toMatchObject({ returned: '105.00', slashed: '1.00', to: world.address('operator') })
    expect(done.receipt?.payouts.map(({ amount, role }) => `${amount} ${role}`)).toEqual(['105.00 employer', '1.00 slash'])
    expect((await held('operator')) - before).toBe(tokens('106.00'))
    expect(staked - (await world.number('stakeManager', 'stakeOf', [world.address('agent'), 0]))).toBe(tokens('1.00'))
  })

  test('may be asked by anybody, and pays the employer', async () => {
    const jobId = await late(await world.create('10'))
    const done = await said(reclaim(jobId, 'viewer'))
    expect(done).toMatchObject({ outcome: 'executed', outputs: { returned: '10.50', to: world.address('operator') } })
  })

  test('is refused before, and names job.cancel where nobody took the job', async () => {
    const jobId = await world.create('10')
    await world.pass(86_400 + world.local.expirationGracePeriod + 1)
    const open = await said(reclaim(jobId))
    await golden('cancel_job/rejected.CANNOT_EXPIRE', open)
    expect(open.fix).toBe(`Cancel job ${jobId}: its escrow comes home (job.cancel).`)
    expect(await said(cancel(jobId))).toMatchObject({ outcome: 'executed' })
    const running = await world.create('10')
    await world.apply(running)
    const early = await said(reclaim(running))
    await golden('cancel_job/rejected.DEADLINE_NOT_REACHED', early)
    expect(early.fix).toContain(`Reclaim job ${running} after `)
  })
})

describe('a lost vote', () => {
  test('cannot be finalized before it is disputed, and says so', { timeout: 60_000 }, async () => {
    const jobId = await voted(false)
    const refused = await said(finalize(jobId, false))
    expect([refused.outcome, refused.code]).toEqual(['rejected', 'INVALID_JOB_STATE'])
    await golden('finalize/rejected.INVALID_JOB_STATE.undisputed', refused)
    expect(refused.fix).toBe(`Dispute job ${jobId} because ... (validator.dispute); then finalize job ${jobId} as it was decided (job.finalize).`)
    const lost = await said({ intent: 'await_quorum', params: { jobId: String(jobId) } })
    expect(lost).toMatchObject({ outcome: 'failed', code: 'VALIDATION_REJECTED', fix: refused.fix })
  })

  test.each([
    ['the employer', true],
    ['the agent', false],
  ])('disputed and decided for %s is settled', { timeout: 60_000 }, async (_, employerWins) => {
    const jobId = await voted(false)
    const before = await held('operator')
    const raised = await said(dispute(jobId))
    expect(raised).toMatchObject({ outcome: 'executed', outputs: { fee: '1.00' } })
    expect(before - (await held('operator'))).toBe(tokens('1.00'))
    const early = await said(finalize(jobId, false))
    expect([early.code, early.fix]).toEqual(['INVALID_JOB_STATE', `Wait until the moderator decides the dispute; then finalize job ${jobId} as it was decided (job.finalize).`])
    const twice = await said(dispute(jobId))
    expect(twice.fix).toBe(early.fix)
    await golden('dispute/rejected.ALREADY_DISPUTED', twice)
    await golden('finalize/rejected.INVALID_JOB_STATE.disputed', early)
    await decided(jobId, employerWins)
    const lie = await said(finalize(jobId, employerWins))
    expect([lie.code, lie.fix]).toEqual(['OUTCOME_MISMATCH', expect.stringContaining(`Finalize job ${jobId} as ${employerWins ? 'failed' : 'successful'}`)])
    const settled = await said(finalize(jobId, !employerWins))
    expect(settled.outcome).toBe('executed')
    const { payouts, fee, burnt, slashed } = settled.outputs as { payouts: { amount: string }[]; fee: string; burnt: string; slashed: string }
    const paid = [...payouts.map(({ amount }) => amount), fee, burnt].reduce((sum, part) => sum + tokens(part), 0n)
    expect(paid).toBe(tokens('105.00') + tokens(slashed))
    // For the employer: escrow, the agent's job stake and the dispute fee. For the agent: the fee goes to the one who raised it.
    expect((await held('operator')) - before).toBe(employerWins ? tokens('106.00') : 0n)
    expect(slashed).toBe(employerWins ? '1.00' : '0.00')
  })
})

describe('a vote without a quorum', () => {
  test('is ended by force and finalized as failed: everything returns, no stake is lost', { timeout: 60_000 }, async () => {
    const jobId = await world.submitted('100')
    expect(await said(finalize(jobId, false))).toMatchObject({ code: 'INVALID_JOB_STATE', fix: expect.stringContaining('validator.quorum') })
    await world.pass(world.local.commitWindow + world.local.revealWindow + world.local.forceFinalizeGrace + 2)
    const ended = await said({ intent: 'await_quorum', params: { jobId: String(jobId) } })
    expect(ended).toMatchObject({ outcome: 'failed', code: 'VALIDATION_REJECTED' })
    expect(ended.fix).toContain(`Finalize job ${jobId} as failed (job.finalize with success: false)`)
    const done = await said(finalize(jobId, false))
    expect(done.outputs).toMatchObject({ payouts: [{ amount: '105.00', role: 'employer' }], slashed: '0.00', fee: '0.00', burnt: '0.00' })
    expect(await said(finalize(jobId, false))).toMatchObject({ code: 'INVALID_JOB_STATE', fix: 'Nothing is left to do for this job.' })
  })
})

describe('finalize before the end', () => {
  test('says what comes next for an open and for a taken job', async () => {
    const jobId = await world.create('10')
    expect(await said(finalize(jobId, true))).toMatchObject({ code: 'INVALID_JOB_STATE', fix: expect.stringContaining(`Cancel job ${jobId}`) })
    await world.apply(jobId)
    expect(await said(finalize(jobId, true))).toMatchObject({ code: 'INVALID_JOB_STATE', fix: expect.stringContaining(`Reclaim job ${jobId} after`) })
  })
})

describe('dispute', () => {
  test('shows reason, evidence or both, with the fee that it takes', { timeout: 60_000 }, async () => {
    const jobId = await voted(true)
    await golden('dispute/dry_run.reason', await dry(dispute(jobId)))
    await golden('dispute/dry_run.hash', await dry(dispute(jobId, { evidence: SPEC })))
    await golden('dispute/dry_run.both', await dry(dispute(jobId, { reason: 'wrong', evidence: SPEC })))
    const words = await dry(dispute(jobId, { evidence: 'see https://x.example/report' }))
    expect(words.text).toContain('• Reason: see https://x.example/report\n')
    const hashed = await dry(dispute(jobId, { reason: 'wrong', evidence: 'report 7' }))
    expect(hashed.outputs).toMatchObject({ evidenceHash: keccak256(stringToBytes('report 7')) })
    const agent = await said(dispute(jobId, { reason: 'wrong', evidence: SPEC }, 'agent'))
    await golden('dispute/executed', agent)
    expect(agent.outputs).toMatchObject({ fee: '1.00', evidenceHash: SPEC })
  })

  test('is refused without an outcome, to a stranger, with nothing to say, and without money', { timeout: 60_000 }, async () => {
    const open = await world.create('10')
    expect(await said(dispute(open))).toMatchObject({ code: 'CANNOT_DISPUTE', fix: expect.stringContaining(`Cancel job ${open}`) })
    const jobId = await voted(true)
    await refuses(dispute(jobId, undefined, 'viewer'), 'ONLY_PARTICIPANT')
    const zero = `0x${'0'.repeat(64)}`
    await refuses(dispute(jobId, { evidence: zero }), 'EVIDENCE_MISSING')
    await world.as('agent', 'token', 'transfer', [world.where('feePool'), await held('agent')])
    await refuses(dispute(jobId, undefined, 'agent'), 'INSUFFICIENT_BALANCE')
    expect(await said(finalize(jobId, true))).toMatchObject({ outcome: 'executed' })
    const ended = await said(dispute(jobId))
    expect(ended.fix).toBe('Nothing is left to do for this job.')
    await golden('dispute/rejected.CANNOT_DISPUTE.ended', ended)
  })

  test('is refused when the chain takes another fee than the one that was held', { timeout: 60_000 }, async () => {
    const jobId = await voted(true)
    await world.as('governance', 'disputeModule', 'setDisputeFee', [tokens('2.00')])
    await refuses(dispute(jobId), 'FEES_CHANGED')
    await world.as('governance', 'disputeModule', 'setDisputeFee', [tokens('1.00')])
  })
})

test('nothing ends while the contracts are paused', async () => {
  const jobId = await world.create('10')
  await world.as('governance', 'systemPause', 'pauseAll')
  for (const ask of [cancel(jobId), reclaim(jobId), finalize(jobId, true), dispute(jobId)]) {
    await refuses(ask, 'ENFORCED_PAUSE')
  }
  await world.as('governance', 'systemPause', 'unpauseAll')
  expect(await said(cancel(jobId))).toMatchObject({ outcome: 'executed' })
})

test('a tax policy comes before the end of a job', async () => {
  const jobId = await world.create('10')
  await world.as('governance', 'jobRegistry', 'setTaxPolicyVersion', [1])
  await refuses(cancel(jobId), 'TAX_POLICY_NOT_ACKNOWLEDGED')
  await world.as('governance', 'jobRegistry', 'setTaxPolicyVersion', [0])
})
