import { describe, expect, test } from 'vitest'
import { type Ask, freshKey } from './ics.ts'
import { ics, proxy, stagedBehindProxy, world } from './stage.ts'
import { VALIDATORS } from './world.ts'

// A handler that is entered again after its transaction was mined must not judge the world that it has changed itself.
stagedBehindProxy((on) => on.stakeAll())

/** Asks, kills the server right after its nth transaction reached the node, and starts it again. */
async function cutOff(ask: Ask & { key: string }, nth: number) {
  let seen = 0
  const killed = new Promise<void>((resolve) => {
    proxy.watch = {
      after: async (method) => {
        if (method !== 'eth_sendRawTransaction' || ++seen !== nth) return
        await ics.kill()
        resolve()
      },
    }
  })
  const answer = ics.ask(ask).catch(() => undefined)
  await killed
  await answer
  proxy.watch = {}
  await ics.restart()
  const status = await ics.ended(ask.key)
  const replay = await ics.ask(ask)
  expect(replay.lines.filter((line) => line.startsWith('⛓️'))).toHaveLength(status.receipt?.txes.length ?? 0)
  expect(new Set(replay.lines).size).toBe(replay.lines.length)
  return status
}

async function lost(): Promise<bigint> {
  const jobId = await world.submitted('10')
  await world.vote(jobId, Object.fromEntries(VALIDATORS.map((who) => [who, false])))
  await world.as('viewer', 'validationModule', 'finalize', [jobId])
  return jobId
}

const key = () => freshKey('again')

describe('kill -9 after the broadcast', () => {
  test('of a cancelled job: it came home once', async () => {
    const jobId = String(await world.create('10'))
    const status = await cutOff({ intent: 'cancel_job', params: { jobId, mode: 'cancel' }, key: key() }, 1)
    expect(status).toMatchObject({ outcome: 'executed', outputs: { returned: '10.50', to: world.address('operator') } })
  })

  test('of a reclaimed job: what came home is told', async () => {
    const jobId = await world.create('10')
    await world.apply(jobId)
    await world.pass(86_400 + world.local.expirationGracePeriod + 1)
    const status = await cutOff({ intent: 'cancel_job', params: { jobId: String(jobId), mode: 'reclaim' }, key: key() }, 1)
    expect(status).toMatchObject({ outcome: 'executed', outputs: { returned: '10.50', slashed: '1.00' } })
  })

  test('of a withdrawal of the whole stake', async () => {
    const stake = { amountAGIA: '10', role: 'validator' }
    const status = await cutOff({ intent: 'withdraw', params: { stake }, user: 'validator3', key: key() }, 1)
    expect(status).toMatchObject({ outcome: 'executed', outputs: { amount: '10.00' } })
    await world.stake('validator3', 1, '10')
  })

  test.each([
    ['approval', 1],
    ['dispute', 2],
  ])('of the %s: one dispute, one fee', { timeout: 60_000 }, async (_, nth) => {
    const jobId = await lost()
    const before = await world.balance(world.address('operator'))
    const ask = { intent: 'dispute', params: { jobId: String(jobId), reason: 'late' }, key: key() }
    await world.as('operator', 'token', 'approve', [world.where('stakeManager'), 0n])
    const status = await cutOff(ask, nth)
    expect(status).toMatchObject({ outcome: 'executed', outputs: { fee: '1.00' } })
    expect(before - (await world.balance(world.address('operator')))).toBe(10n ** 18n)
  })

  test('of a setting: the record says how it stood before, not after', async () => {
    const ask = { intent: 'admin_set', params: { key: 'maxJobReward', value: '900' }, user: 'governance', key: key() }
    expect(await cutOff(ask, 1)).toMatchObject({ outcome: 'executed', outputs: { before: '1000.00', after: '900.00' } })
  })
})
