import { setTimeout as sleep } from 'node:timers/promises'
import { parseEther } from 'viem'
import { describe, expect, test } from 'vitest'
import { golden } from './golden.ts'
import { type Ask, Ics, freshKey } from './ics.ts'
import { ics, proxy, stagedBehindProxy, world } from './stage.ts'
import { SPEC } from './world.ts'

const SEND = 'eth_sendRawTransaction'

stagedBehindProxy()

async function job(reward: string): Promise<Ask & { key: string }> {
  const deadlineAt = Number(await world.now()) + 3_600
  const params = { job: { rewardAGIA: reward, deadline: 1, title: 'Crash', deadlineAt, uri: 'ipfs://spec', specHash: SPEC } }
  return { intent: 'create_job', params, key: freshKey() }
}

async function effect() {
  return { jobs: await world.number('jobRegistry', 'nextJobId'), held: await world.balance(world.address('operator')) }
}

/** Kills the server when it sends its nth transaction, at that very point. */
function killAt(when: 'before' | 'after', nth: number): Promise<void> {
  let seen = 0
  return new Promise((resolve) => {
    proxy.watch = {
      [when]: async (method: string) => {
        if (method !== SEND || ++seen !== nth) return
        await ics.kill()
        resolve()
      },
    }
  })
}

async function expectOnce(ask: Ask & { key: string }, before: Awaited<ReturnType<typeof effect>>, escrow: string): Promise<void> {
  const status = await ics.ended(ask.key)
  expect(status).toMatchObject({ outcome: 'executed', outputs: { escrow } })
  const after = await effect()
  expect(after.jobs - before.jobs).toBe(1n)
  expect(before.held - after.held).toBe(parseEther(escrow))
  const replay = await ics.ask(ask)
  expect(replay.lines.filter((line) => line.startsWith('✅'))).toHaveLength(1)
  expect(replay.lines.filter((line) => line.startsWith('⛓️'))).toHaveLength(status.receipt?.txes.length ?? 0)
  expect(new Set(replay.lines).size).toBe(replay.lines.length)
}

describe('kill -9 of ICS while money moves', () => {
  test.each([
    ['between journal and broadcast of the approval', 'before', 1],
    ['after the broadcast of the approval', 'after', 1],
    ['between journal and broadcast of the job', 'before', 2],
    ['after the broadcast of the job', 'after', 2],
  ] as const)('%s: exactly one effect', async (_, when, nth) => {
    const before = await effect()
    const ask = await job('10')
    const killed = killAt(when, nth)
    const answer = ics.ask(ask).catch(() => undefined)
    await killed
    await answer
    proxy.watch = {}
    await ics.restart()
    await expectOnce(ask, before, '10.50')
  })

  test('at random moments: exactly one effect each', { timeout: 60_000 }, async () => {
    for (let round = 0; round < 6; round++) {
      const before = await effect()
      const ask = await job('1')
      const answer = ics.ask(ask).catch(() => undefined)
      await sleep(5 + round * 9)
      await ics.kill()
      await answer
      await ics.restart()
      // Killed before it was written down, the request never was: asking again is what OneBox does.
      if ((await ics.status(ask.key)).outcome === 'unknown_key') await ics.ask(ask)
      await expectOnce(ask, before, '1.05')
    }
  })

  test('a broadcast that the node swallowed is sent again as the same bytes', async () => {
    const before = await effect()
    let dropped = 0
    proxy.watch = {
      before: async (method) => {
        if (method === SEND && dropped++ === 0) throw new Error('swallowed')
      },
    }
    const ask = await job('2')
    await ics.ask(ask)
    await expectOnce(ask, before, '2.10')
    expect(dropped).toBeGreaterThan(2)
  })
})

describe('a transaction that does not do what its simulation did', () => {
  const deposit = (user: string) => ({ intent: 'stake', params: { stake: { amountAGIA: '3', role: 'platform' } }, user, key: freshKey() })

  test('and reverts is failed with the decoded reason', async () => {
    let sent = 0
    proxy.watch = {
      before: async (method) => {
        if (method === SEND && ++sent === 2) await world.as('governance', 'stakeManager', 'pause')
      },
    }
    const ask = deposit('viewer')
    const answer = await ics.ask(ask)
    expect(answer.lines.at(-1)).toBe('❌ ENFORCED_PAUSE: The contracts are paused.')
    const status = await ics.status(ask.key)
    expect(status).toMatchObject({ outcome: 'failed', error: { code: 'ENFORCED_PAUSE' } })
    expect(status.receipt?.txes).toHaveLength(2)
    await golden('stake/failed.ENFORCED_PAUSE', { text: answer.text, outcome: status.outcome, code: status.error?.code })
    await world.as('governance', 'stakeManager', 'unpause')
  })

  test('because another one took its nonce is failed, not waited for', async () => {
    let sent = 0
    proxy.watch = {
      before: async (method) => {
        if (method === SEND && ++sent === 1) await world.as('approver', 'token', 'approve', [world.where('feePool'), 1n])
      },
    }
    const ask = deposit('approver')
    const answer = await ics.ask(ask)
    expect(answer.lines.at(-1)).toMatch(/^❌ NONCE_TAKEN: /)
    const { outcome, error } = await ics.status(ask.key)
    await golden('stake/failed.NONCE_TAKEN', { text: answer.text, outcome, code: error?.code })
    proxy.watch = {}
    expect((await ics.ask(deposit('approver'))).lines.at(-1)).toBe('✅ Deposited 3.00 AGIALPHA for platform.')
  })
})

describe('the journal has one writer', () => {
  test('a second server on the same file refuses to start', async () => {
    const other = Ics.start(world, { ICS_JOURNAL: `${ics.folder}/journal.db` })
    await expect(other).rejects.toThrow('another process writes the journal')
  })
})
