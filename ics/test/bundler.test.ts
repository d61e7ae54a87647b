import { join } from 'node:path'
import { setTimeout as sleep } from 'node:timers/promises'
import Libsql from 'libsql'
import { type Address, type Hex, parseEther, toHex } from 'viem'
import { afterAll, afterEach, beforeAll, describe, expect, test } from 'vitest'
import { sponsorAccount } from '../src/chain/signer.ts'
import { Bundled, HAND_OVER, deposit, until } from './bundled.ts'

let at: Bundled

beforeAll(async () => {
  at = await Bundled.start()
})
afterEach(() => at.reset())
afterAll(() => at.stop())

const sponsor = () => sponsorAccount(at.world.local.mnemonic).address
const setBalance = (who: Address, wei: bigint) =>
  (at.world.chain.request as (call: object) => Promise<unknown>)({ method: 'anvil_setBalance', params: [who, toHex(wei)] })
const senderOf = async (hash: Hex) => (await at.world.chain.getTransaction({ hash })).from

test('carries what users want; the bundler pays, and the sponsor sends nothing', { timeout: 60_000 }, async () => {
  const { world, bundler, ics } = at
  const nonce = await world.chain.getTransactionCount({ address: sponsor() })
  const before = await at.effect('viewer')
  const ask = deposit('viewer', '5')
  await ics.ask(ask)
  expect(await at.once(ask, before, '5.00')).toEqual(bundler.sent)
  for (const hash of bundler.sent) expect(await senderOf(hash)).toBe(bundler.account.address.toLowerCase())
  const params = { stake: { amountAGIA: '2', role: 'platform' } }
  const back = await ics.ask({ intent: 'withdraw', params, user: 'viewer', meta: { txMode: 'aa' } })
  expect(back.lines.at(-1)).toBe('✅ Withdrawn 2.00 AGIALPHA from platform.')
  expect((await at.effect('viewer')).stake).toBe(before.stake + parseEther('3'))
  expect(await world.chain.getTransactionCount({ address: sponsor() })).toBe(nonce)
  expect(new Set(bundler.asked)).toEqual(new Set(['eth_chainId', 'eth_supportedEntryPoints', 'eth_estimateUserOperationGas', HAND_OVER]))
})

test('shows a signature to nobody before it is in the journal', async () => {
  const journal = new Libsql(join(at.ics.folder, 'journal.db'))
  const open = journal.prepare("SELECT count(*) AS n FROM tx WHERE form = 'operation' AND state = 'signed'")
  const shown: { method: string; signature: string; open: number }[] = []
  at.proxy.watch = {
    before: async (method, [operation]) => {
      const { signature } = (operation ?? {}) as { signature?: string }
      if (signature !== undefined) shown.push({ method, signature, open: (open.get() as { n: number }).n })
    },
  }
  await at.ics.ask(deposit('viewer', '1'))
  journal.close()
  const signatures = shown.filter(({ method }) => method === HAND_OVER).map(({ signature }) => signature)
  expect(signatures).toHaveLength(2)
  for (const { method, signature, open } of shown) {
    expect({ method, open, real: signatures.includes(signature) }).toEqual(
      method === HAND_OVER ? { method, open: 1, real: true } : { method, open: 0, real: false },
    )
  }
})

test('of a bundle for two users each is told his own tokens and gas', { timeout: 60_000 }, async () => {
  const { world, bundler, ics } = at
  bundler.size = 2
  const asks = [deposit('validator1', '3'), deposit('validator2', '4')]
  await Promise.all(asks.map((ask) => ics.ask(ask)))
  const [one, two] = await Promise.all(asks.map((ask) => ics.ended(ask.key)))
  expect(one?.receipt?.txes).toEqual(bundler.sent)
  expect(two?.receipt?.txes).toEqual(bundler.sent)
  expect(one?.receipt?.transfers).toMatchObject([{ from: world.account('validator1'), amount: '3.00' }])
  expect(two?.receipt?.transfers).toMatchObject([{ from: world.account('validator2'), amount: '4.00' }])
  const { gasUsed } = await world.chain.getTransactionReceipt({ hash: bundler.sent.at(-1) ?? '0x' })
  for (const status of [one, two]) expect(BigInt(status?.gas ?? gasUsed)).toBeLessThan(gasUsed)
})

describe('kill -9 of ICS', () => {
  test.each([
    ['between journal and handing over', 'before'],
    ['after handing over', 'after'],
  ] as const)('%s: the same operation, one effect', { timeout: 60_000 }, async (_, when) => {
    const before = await at.effect('operator')
    const ask = deposit('operator', '6')
    const killed = at.at(when, 2, () => at.ics.kill())
    const answer = at.ics.ask(ask).catch(() => undefined)
    await killed
    await answer
    at.proxy.watch = {}
    await at.ics.restart()
    await at.once(ask, before, '6.00')
    expect(at.distinct()).toBe(2)
  })
})

describe('a bundler that', () => {
  test('says that it took an operation and did not gets the same one again', { timeout: 60_000 }, async () => {
    const before = await at.effect('operator')
    at.bundler.manner = 'swallow'
    const ask = deposit('operator', '1')
    const answer = at.ics.ask(ask)
    await until(() => at.bundler.handed.length === 2)
    expect(await at.ics.status(ask.key)).toMatchObject({ outcome: 'in_progress' })
    at.bundler.manner = 'bundle'
    await answer
    await at.once(ask, before, '1.00')
    expect(at.distinct()).toBe(2)
  })

  test.each([
    ['refuses', false],
    ['is away', true],
  ])('%s after the journal is waited for, and nothing is signed anew', { timeout: 60_000 }, async (_, away) => {
    const before = await at.effect('operator')
    at.bundler.manner = 'refuse'
    let turned = 0
    at.proxy.watch = {
      before: async (method) => {
        if (method === HAND_OVER && ++turned > 0 && away) throw new Error('away')
      },
    }
    const ask = deposit('operator', '2')
    const answer = at.ics.ask(ask)
    await until(() => turned === 2)
    expect(await at.ics.status(ask.key)).toMatchObject({ outcome: 'in_progress', error: null })
    at.reset()
    await answer
    await at.once(ask, before, '2.00')
    expect(at.distinct()).toBe(2)
  })

  test('asks for far too much gas is given nothing', async () => {
    at.bundler.dearness = 50n
    const { lines, key } = await at.ics.ask(deposit('operator', '1'))
    expect(lines.at(-1)).toBe('❌ INTERNAL_ERROR: The handler broke off; nothing was sent.')
    expect(await at.ics.status(key)).toMatchObject({ outcome: 'failed', receipt: { txes: [] } })
    expect(at.bundler.handed).toEqual([])
  })

  test('asks for a little more than we would give gets it', async () => {
    at.bundler.dearness = 3n
    const ask = deposit('viewer', '1')
    const { lines } = await at.ics.ask(ask)
    expect(lines.at(-1)).toBe('✅ Deposited 1.00 AGIALPHA for platform.')
    expect(Number(at.bundler.handed[0]?.preVerificationGas)).toBeGreaterThan(180_000)
  })

  test('is taken out of the settings leaves what is open to the sponsor', { timeout: 60_000 }, async () => {
    const { ics, bundler, proxy, world } = at
    const before = await at.effect('operator')
    bundler.manner = 'swallow'
    const ask = deposit('operator', '3')
    const answer = ics.ask(ask).catch(() => undefined)
    await until(() => bundler.handed.length > 0)
    await ics.kill()
    await answer
    ics.env['AA_BUNDLER_RPC_URL'] = ''
    const wei = await world.chain.getBalance({ address: sponsor() })
    await setBalance(sponsor(), 0n)
    await ics.restart()
    await sleep(3_000)
    // Not refused: the operation is in the bundler's hands, too.
    expect(await ics.status(ask.key)).toMatchObject({ outcome: 'in_progress' })
    await setBalance(sponsor(), wei)
    const txes = await at.once(ask, before, '3.00')
    ics.env['AA_BUNDLER_RPC_URL'] = proxy.url
    await ics.restart()
    for (const hash of txes) expect(await senderOf(hash)).toBe(sponsor().toLowerCase())
  })
})
