import { writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { setTimeout as sleep } from 'node:timers/promises'
import type { Hex } from 'viem'
import { formatUserOperation } from 'viem/account-abstraction'
import { afterAll, afterEach, beforeAll, describe, expect, test } from 'vitest'
import { signOn } from '../src/chain/client.ts'
import { signerFor } from '../src/chain/signer.ts'
import { Bundled, deposit, until } from './bundled.ts'
import { Ics } from './ics.ts'

let at: Bundled

beforeAll(async () => {
  at = await Bundled.start()
})
afterEach(() => at.reset())
afterAll(() => at.stop())

const stranger = () => signOn(at.world.anvil.url, at.world.local.chainId, signerFor(at.world.local.mnemonic, 'approver'))
const blockOf = async (hash: string) => (await at.world.chain.getTransactionReceipt({ hash: hash as Hex })).blockNumber

/** Puts the operation that was handed over last into a bundle of somebody else. */
async function byStranger(): Promise<Hex> {
  const last = at.bundler.handed.at(-1)
  if (last === undefined) throw new Error('nothing was handed over')
  return at.bundler.carry([formatUserOperation(last) as never], stranger() as never)
}

describe('what the chain says of an operation', () => {
  test("that somebody else bundled: done, by that one's transaction", { timeout: 60_000 }, async () => {
    const before = await at.effect('operator')
    at.bundler.manner = 'swallow'
    const ask = deposit('operator', '4')
    const answer = at.ics.ask(ask)
    const theirs: Hex[] = []
    for (const nth of [1, 2]) {
      await until(() => at.distinct() === nth)
      theirs.push(await byStranger())
    }
    await answer
    expect(await at.once(ask, before, '4.00')).toEqual(theirs)
  })

  test('whose call reverts inside: failed with the decoded reason, its transaction named', async () => {
    await at.ics.ask(deposit('viewer', '1'))
    const paused = at.at('before', 2, async () => void (await at.world.as('governance', 'stakeManager', 'pause')))
    const ask = deposit('viewer', '1')
    const { lines } = await at.ics.ask(ask)
    await paused
    await at.world.as('governance', 'stakeManager', 'unpause')
    expect(lines.at(-1)).toBe('❌ ENFORCED_PAUSE: The contracts are paused.')
    expect(await at.ics.status(ask.key)).toMatchObject({ outcome: 'failed', receipt: { txes: at.bundler.sent.slice(-2) } })
  })

  test('counts when its block is as deep as the profile says', { timeout: 60_000 }, async () => {
    const deep = await Ics.start(at.world, { AA_BUNDLER_RPC_URL: at.proxy.url, ICS_DEPTH: '4' })
    try {
      const { key } = await deep.ask(deposit('agent', '1'))
      const { outcome, receipt } = await deep.ended(key)
      const head = await at.world.chain.getBlockNumber()
      expect([outcome, receipt?.txes]).toEqual(['executed', at.bundler.sent])
      expect(head - (await blockOf(receipt?.txes.at(-1) ?? ''))).toBeGreaterThanOrEqual(3n)
    } finally {
      await deep.stop()
    }
  })

  test('counts when the keeper has saved its block', { timeout: 60_000 }, async () => {
    const file = join(at.ics.folder, 'height')
    await writeFile(file, String(await at.world.chain.getBlockNumber()))
    const kept = await Ics.start(at.world, { AA_BUNDLER_RPC_URL: at.proxy.url, ICS_HEIGHT_FILE: file })
    try {
      const ask = deposit('agent', '1')
      const answer = kept.ask(ask)
      await until(() => at.bundler.sent.length === 1)
      await sleep(500)
      expect(await kept.status(ask.key)).toMatchObject({ outcome: 'in_progress', receipt: null })
      expect(at.distinct()).toBe(1)
      await writeFile(file, '1000000')
      expect((await answer).lines.at(-1)).toBe('✅ Deposited 1.00 AGIALPHA for platform.')
    } finally {
      await kept.stop()
    }
  })

  test('is asked again when its last blocks are lost: the same operation is handed over', { timeout: 60_000 }, async () => {
    const { stake } = await at.effect('agent')
    await at.ics.ask(deposit('agent', '1'))
    const lost = (await at.world.chain.getBlockNumber()) - (await blockOf(at.bundler.sent.at(-1) ?? '')) + 1n
    await (at.world.chain.request as (call: object) => Promise<unknown>)({ method: 'anvil_rollback', params: [Number(lost)] })
    expect((await at.effect('agent')).stake).toBe(stake)
    await at.ics.get('/contract')
    expect((await at.effect('agent')).stake).toBe(stake + 10n ** 18n)
    expect(at.distinct()).toBe(2)
  })
})

describe('before anything is signed', () => {
  const roads = async () => ((await at.ics.get('/contract'))['chain'] as { roads: string[] }).roads

  test('a bundler of another chain is TXMODE_UNSUPPORTED, and its road is not named', async () => {
    at.bundler.chainId = 1
    expect(await roads()).toEqual(['direct', 'relayer'])
    for (const confirm of [false, true]) {
      const { lines } = await at.ics.ask({ ...deposit('viewer', '1'), confirm })
      expect(lines).toEqual(['❌ TXMODE_UNSUPPORTED: The configured bundler does not serve the entry point of this chain.'])
    }
    expect(at.bundler.handed).toEqual([])
  })

  test('a bundler that is away takes along its own road alone', async () => {
    at.proxy.watch = { before: () => Promise.reject(new Error('away')) }
    expect(await roads()).toEqual(['direct', 'relayer'])
    const { lines } = await at.ics.ask({ ...deposit('viewer', '1'), meta: { txMode: 'direct' } })
    expect(lines.at(-1)).toBe('✅ Deposited 1.00 AGIALPHA for platform.')
  })
})

test('what is open when the bundler turns to another chain is not told as refused', { timeout: 60_000 }, async () => {
  const before = await at.effect('operator')
  at.bundler.manner = 'swallow'
  const ask = deposit('operator', '5')
  const answer = at.ics.ask(ask).catch(() => undefined)
  await until(() => at.distinct() === 1)
  await at.ics.kill()
  await answer
  at.bundler.chainId = 1
  await at.ics.restart()
  await sleep(1_000)
  expect(await at.ics.status(ask.key)).toMatchObject({ outcome: 'in_progress' })
  at.bundler.reset()
  await at.once(ask, before, '5.00')
})
