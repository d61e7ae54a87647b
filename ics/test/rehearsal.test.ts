import { describe, expect, test } from 'vitest'
import type { Ask } from './ics.ts'
import { ics, staged, world } from './stage.ts'
import { SPEC } from './world.ts'

let jobId: string

staged(async (on) => {
  jobId = String(await on.create('10'))
})

const stake = (amountAGIA: string, user = 'agent'): Ask => ({ intent: 'stake', params: { stake: { amountAGIA, role: 'agent' } }, user })
const apply = (id = jobId): Ask => ({ intent: 'apply_job', user: 'agent', params: { jobId: id, ens: { subdomain: 'alice' } } })
const submit = (id = jobId): Ask => ({
  ...{ intent: 'submit_work', user: 'agent' },
  params: { jobId: id, result: { uri: 'ipfs://foretold' }, ens: { subdomain: 'alice' } },
})
const collect = (id = jobId): Ask => ({ intent: 'await_submission', params: { jobId: id } })
const create = (rewardAGIA = '5', more: object = {}): Ask => {
  const job = { rewardAGIA, deadline: 1, title: 'Cats', uri: 'ipfs://spec', specHash: SPEC, ...more }
  return { intent: 'create_job', params: { job }, user: 'approver' }
}
const really = async () => create('1', { deadlineAt: Number(await world.now()) + 3_600 })

/** Dry-runs them one after the other, each after the one before it; how each ended. */
async function inTurn(...asks: Ask[]) {
  const ends = []
  for (const ask of asks) {
    const after = ends.at(-1)?.key
    const { key } = await ics.ask({ ...ask, confirm: false, ...(after && { headers: { After: after } }) })
    ends.push(await ics.status(key))
  }
  return ends
}

/** What only a transaction changes. */
async function traces() {
  const users = Object.keys(world.local.users).map((user) => world.address(user))
  const counts = users.map((address) => world.chain.getTransactionCount({ address }))
  return [await Promise.all(counts), await world.number('jobRegistry', 'nextJobId'), await world.number('stakeManager', 'lockedStakes', [world.address('agent')])]
}

describe('a dry run after others', () => {
  test('stands on what they would have done, and sends nothing', async () => {
    const before = await traces()
    const [alone] = await inTurn(apply())
    expect(alone).toMatchObject({ outcome: 'rejected', error: { code: 'INSUFFICIENT_AGENT_STAKE' } })
    const [, applied, submitted, collected] = await inTurn(stake('100'), apply(), submit(), collect())
    expect(applied).toMatchObject({ outcome: 'dry_run', outputs: { jobId }, predicted: [] })
    expect(submitted).toMatchObject({ outcome: 'dry_run', outputs: { uri: 'ipfs://foretold' } })
    const agent = world.address('agent')
    expect(collected).toMatchObject({ outcome: 'dry_run', outputs: { jobId, agent, resultURI: 'ipfs://foretold' }, waiting_for: null })
    expect(await traces()).toEqual(before)
  })

  test('reads terms, allowance and stake of that state: an allowance that was used up is asked for again', async () => {
    const [first, second] = await inTurn(stake('20'), stake('30'))
    expect(first?.receipt?.transfers).toEqual([moved('20.00')])
    expect(second?.receipt?.transfers).toEqual([moved('30.00')])
    const text = (await ics.ask({ ...stake('30'), confirm: false, headers: { After: first?.key ?? '' } })).text
    expect(text).toContain('Approval required before deposit')
  })

  test('meets the balance that they leave', async () => {
    const [, short] = await inTurn(stake('900'), stake('200'))
    expect(short).toMatchObject({ outcome: 'rejected', error: { code: 'INSUFFICIENT_BALANCE' } })
  })

  test('knows a job by the number that it would have, and says that it is foretold', async () => {
    const next = String((await world.number('jobRegistry', 'nextJobId')) + 1n)
    const [posted, waits] = await inTurn(create(), collect(next))
    expect(posted).toMatchObject({ outputs: { jobId: next, escrow: '5.25' }, predicted: ['jobId'] })
    const escrow = { from: world.address('approver'), to: world.where('stakeManager'), amount: '5.25', payer: 'signer', payee: 'stake_manager' }
    expect(posted?.receipt).toEqual({ txes: [], cids: [], payouts: [], transfers: [escrow] })
    expect(waits).toMatchObject({ outcome: 'dry_run', outputs: null, waiting_for: expect.stringContaining(`an agent to take job #${next}`) })
    expect((await inTurn(collect(next)))[0]).toMatchObject({ outcome: 'rejected', error: { code: 'JOB_NOT_FOUND' } })
  })

  test('stays on their block whatever the same signer does in between', async () => {
    const posting = await ics.ask({ ...create('7'), confirm: false })
    const [shown, real] = await Promise.all([ics.status(posting.key), ics.ask(await really())])
    expect((await ics.status(real.key)).outcome).toBe('executed')
    const answer = await ics.ask({ ...collect(String(shown.outputs?.['jobId'])), confirm: false, headers: { After: posting.key } })
    expect((await ics.status(answer.key)).waiting_for).toContain('an agent to take job')
    const again = await ics.ask({ ...create('7'), confirm: false, headers: { After: posting.key } })
    const foretold = BigInt(String(shown.outputs?.['jobId'])) + 1n
    expect((await ics.status(again.key)).outputs).toMatchObject({ jobId: String(foretold) })
  })

  test('never mixes blocks, with confirmed calls of the same signer all the while', { timeout: 60_000 }, async () => {
    const real = (async () => {
      for (let n = 0; n < 8; n++) await ics.ask(await really())
    })()
    const dry = Array.from({ length: 12 }, () => inTurn(create('2'), create('3'), create('4')))
    const outcomes = (await Promise.all(dry)).flat().map(({ outcome }) => outcome)
    await real
    expect(new Set(outcomes)).toEqual(new Set(['dry_run']))
  })
})

describe('what a dry run may come after', () => {
  const refusal = async (ask: Ask) => {
    const { http, json } = await ics.ask(ask)
    return [http, json['code']]
  }
  test('is a dry run that is remembered', async () => {
    const headers = { After: 'dry:00000000-0000-4000-8000-000000000000' }
    expect(await refusal({ ...create(), confirm: false, headers })).toEqual([409, 'AFTER_UNKNOWN'])
  })
  test('is nothing for a confirmed call', async () => {
    const { key } = await ics.ask({ ...create(), confirm: false })
    expect(await refusal({ ...create(), headers: { After: key } })).toEqual([422, 'AFTER_INVALID'])
  })
  test('is not more than fits a block', { timeout: 60_000 }, async () => {
    const ends = await inTurn(...Array.from({ length: 31 }, () => create('1')))
    expect(ends.map(({ outcome }) => outcome)).not.toContain('rejected')
    const { key } = ends.at(-1) ?? { key: '' }
    expect(await refusal({ ...create(), confirm: false, headers: { After: key } })).toEqual([422, 'AFTER_TOO_LONG'])
  })
})

function moved(amount: string) {
  return { from: world.address('agent'), to: world.where('stakeManager'), amount, payer: 'signer', payee: 'stake_manager' }
}
