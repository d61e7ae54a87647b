import { type Address, type Hex, parseEther, parseTransaction, toHex } from 'viem'
import type { LocalAccount } from 'viem/accounts'
import { afterAll, afterEach, beforeAll, describe, expect, test } from 'vitest'
import { signOn } from '../src/chain/client.ts'
import { signerFor, sponsorAccount } from '../src/chain/signer.ts'
import { type Ask, Ics, freshKey } from './ics.ts'
import { Proxy } from './proxy.ts'
import { World } from './world.ts'

const SEND = 'eth_sendRawTransaction'
const PLATFORM = 2
const ROADS = ['relayer', 'aa'] as const
type Road = (typeof ROADS)[number]
let world: World
let proxy: Proxy
let ics: Ics

beforeAll(async () => {
  world = await World.start()
  proxy = await Proxy.to(world.anvil.url)
  ics = await Ics.start(world, { RPC_URL: proxy.url })
})
afterEach(() => {
  proxy.watch = {}
})
afterAll(async () => {
  await ics.stop()
  proxy.stop()
  await world.stop()
})

const actorOf = (user: string, road: Road) => (road === 'aa' ? world.account(user) : world.address(user))
const staked = (who: Address) => world.number('stakeManager', 'stakeOf', [who, PLATFORM])
const submitted = (lines: string[]) => lines.filter((line) => line.startsWith('⛓️'))

function deposit(user: string, txMode: string, amountAGIA = '5'): Ask & { key: string } {
  return { intent: 'stake', params: { stake: { amountAGIA, role: 'platform' } }, user, key: freshKey(), meta: { txMode } }
}

/** What a deposit changes for its actor: his stake, and what he has left. */
async function effect(who: Address) {
  return { stake: await staked(who), held: await world.balance(who) }
}

async function expectOnce(ask: Ask & { key: string }, who: Address, before: Awaited<ReturnType<typeof effect>>, amount: string) {
  expect(await ics.ended(ask.key)).toMatchObject({ outcome: 'executed', outputs: { amount } })
  const after = await effect(who)
  expect([after.stake - before.stake, before.held - after.held]).toEqual([parseEther(amount), parseEther(amount)])
}

/** Does something with the nth transaction that ICS sends, before the node sees it; tells whether that came to pass. */
function onSend(nth: number, act: (raw: Hex) => Promise<void>): () => boolean {
  let seen = 0
  proxy.watch = {
    before: async (method, [raw]) => {
      if (method === SEND && ++seen === nth) await act(raw as Hex)
    },
  }
  return () => seen >= nth
}

/** Sends what a transaction carries in one of somebody else's. */
async function handIn(raw: Hex, by: LocalAccount): Promise<Hex> {
  const { to, data = '0x', gas = 0n } = parseTransaction(raw)
  const wallet = signOn(world.anvil.url, world.local.chainId, by)
  const hash = await wallet.sendTransaction({ to: to ?? '0x', data, gas })
  await world.chain.waitForTransactionReceipt({ hash })
  return hash
}

/** Spends the nonce that the sponsor signed a transaction with. */
async function takeNonce(raw: Hex): Promise<void> {
  const sponsor = sponsorAccount(world.local.mnemonic)
  const wallet = signOn(world.anvil.url, world.local.chainId, sponsor)
  const { nonce = 0 } = parseTransaction(raw)
  await world.chain.waitForTransactionReceipt({ hash: await wallet.sendTransaction({ to: sponsor.address, nonce }) })
}

const stranger = () => signerFor(world.local.mnemonic, 'approver')

describe.each(ROADS)('%s', (road) => {
  test('moves the tokens of the actor, whom the contracts see; the sponsor signs', async () => {
    const who = actorOf('viewer', road)
    const before = await effect(who)
    const ask = deposit('viewer', road)
    const { lines } = await ics.ask(ask)
    expect(lines[0]).toBe(`🔍 Deposit stake dry-run (${road})`)
    expect(submitted(lines)).toHaveLength(2)
    expect(lines.at(-1)).toBe('✅ Deposited 5.00 AGIALPHA for platform.')
    await expectOnce(ask, who, before, '5.00')
    for (const hash of (await ics.status(ask.key)).receipt?.txes ?? []) {
      const { from } = await world.chain.getTransaction({ hash: hash as Hex })
      expect(from).toBe(sponsorAccount(world.local.mnemonic).address.toLowerCase())
    }
  })

  test('what was carried once is worth nothing to who hands it in again', async () => {
    const sent: Hex[] = []
    proxy.watch = { before: async (method, [raw]) => void (method === SEND && sent.push(raw as Hex)) }
    const ask = deposit('validator3', road, '1')
    const who = actorOf('validator3', road)
    const before = await effect(who)
    await ics.ask(ask)
    expect(sent).toHaveLength(2)
    for (const raw of [...sent, ...sent]) await handIn(raw, stranger()).catch(() => undefined)
    await expectOnce(ask, who, before, '1.00')
  })

  test('what a stranger hands in first still has one effect, and is told as done', async () => {
    const who = actorOf('viewer', road)
    const before = await effect(who)
    let theirs: Hex = '0x'
    const handedIn = onSend(2, async (raw) => void (theirs = await handIn(raw, stranger())))
    const ask = deposit('viewer', road, '2')
    const { lines } = await ics.ask(ask)
    expect(handedIn()).toBe(true)
    await expectOnce(ask, who, before, '2.00')
    expect(submitted(lines).at(-1)).toBe(`⛓️ Tx submitted: ${theirs}`)
    expect((await ics.status(ask.key)).receipt?.txes.at(-1)).toBe(theirs)
  })

  test("a stranger's transaction counts when it is as deep as the profile says", { timeout: 90_000 }, async () => {
    const deep = await Ics.start(world, { RPC_URL: proxy.url, ICS_DEPTH: '10' })
    try {
      let theirs: Hex = '0x'
      onSend(2, async (raw) => {
        await takeNonce(raw)
        theirs = await handIn(raw, stranger())
      })
      const ask = deposit('agent', road, '2')
      await deep.ask(ask)
      const { outcome, receipt } = await deep.ended(ask.key)
      expect([outcome, receipt?.txes.at(-1)]).toEqual(['executed', theirs])
      const { blockNumber } = await world.chain.getTransactionReceipt({ hash: theirs })
      expect((await world.chain.getBlockNumber()) - blockNumber).toBeGreaterThanOrEqual(9n)
    } finally {
      await deep.stop()
    }
  })

  test("goes into a new transaction when another one took the sponsor's nonce", { timeout: 60_000 }, async () => {
    const who = actorOf('viewer', road)
    const before = await effect(who)
    const taken = onSend(2, takeNonce)
    const ask = deposit('viewer', road, '3')
    const { lines } = await ics.ask(ask)
    await ics.ended(ask.key)
    expect(taken()).toBe(true)
    expect(submitted((await ics.ask(ask)).lines)).toHaveLength(3)
    expect(lines[0]).toContain(road)
    await expectOnce(ask, who, before, '3.00')
  })

  test('a call that reverts inside is failed with the decoded reason, and dead for good', async () => {
    const who = actorOf('viewer', road)
    let carried: Hex = '0x'
    const paused = onSend(2, async (raw) => {
      carried = raw
      await world.as('governance', 'stakeManager', 'pause')
    })
    const ask = deposit('viewer', road, '4')
    const { lines } = await ics.ask(ask)
    expect(paused()).toBe(true)
    await world.as('governance', 'stakeManager', 'unpause')
    expect(lines.at(-1)).toBe('❌ ENFORCED_PAUSE: The contracts are paused.')
    expect(await ics.status(ask.key)).toMatchObject({ outcome: 'failed', error: { code: 'ENFORCED_PAUSE' } })
    const before = await effect(who)
    await handIn(carried, stranger()).catch(() => undefined)
    expect(await effect(who)).toEqual(before)
  })

  test.each([
    ['between journal and broadcast', 'before'],
    ['after the broadcast', 'after'],
  ] as const)('kill -9 %s: the same bytes, one effect', { timeout: 60_000 }, async (_, when) => {
    const who = actorOf('operator', road)
    const before = await effect(who)
    const sent: string[] = []
    const ask = deposit('operator', road, '6')
    const killed = new Promise<void>((resolve) => {
      let seen = 0
      const note = async (method: string, params?: unknown[]) => {
        if (method === SEND && params !== undefined) sent.push(String(params[0]))
      }
      const kill = async (method: string) => {
        if (method === SEND && ++seen === 2) resolve(await ics.kill())
      }
      const both = async (method: string, params: unknown[]) => (await note(method, params), when === 'before' ? kill(method) : undefined)
      proxy.watch = { before: both, ...(when === 'after' && { after: kill }) }
    })
    const answer = ics.ask(ask).catch(() => undefined)
    await killed
    await answer
    proxy.watch = { before: async (method, [raw]) => void (method === SEND && sent.push(String(raw))) }
    await ics.restart()
    await expectOnce(ask, who, before, '6.00')
    expect(new Set(sent).size).toBe(2)
  })
})

test('a relayed request that comes after its time is failed, and does nothing', async () => {
  const who = world.address('viewer')
  const late = onSend(2, () => world.pass(601))
  const ask = deposit('viewer', 'relayer', '9')
  const { lines } = await ics.ask(ask)
  expect(late()).toBe(true)
  expect(lines.at(-1)).toBe('❌ REQUEST_EXPIRED: The relayed request reached the chain after its time; nothing was done.')
  const before = await effect(who)
  expect(await ics.status(ask.key)).toMatchObject({ outcome: 'failed', receipt: { txes: [expect.any(String), expect.any(String)] } })
  expect(await effect(who)).toEqual(before)
})

test('users of all roads act at once, and each has his effect', { timeout: 60_000 }, async () => {
  const users = ['viewer', 'operator', 'agent', 'validator1']
  const asks = users.flatMap((user) => ['direct', ...ROADS].map((road) => deposit(user, road, '1')))
  const ends = await Promise.all(asks.map(async (ask) => (await ics.ask(ask), ics.ended(ask.key))))
  expect(ends.map(({ outcome }) => outcome)).toEqual(asks.map(() => 'executed'))
})

test.each([
  ['raw', 'direct'],
  ['2771', 'relayer'],
  ['meta-tx', 'relayer'],
  ['meta_tx', 'relayer'],
  ['4337', 'aa'],
  ['account-abstraction', 'aa'],
  ['account_abstraction', 'aa'],
])('txMode %s is %s', async (txMode, road) => {
  const { lines } = await ics.ask({ ...deposit('viewer', txMode), confirm: false })
  expect(lines[0]).toBe(`🔍 Deposit stake dry-run (${road})`)
})

test('a smart account that cannot pay is told so, and nothing is sent', async () => {
  const who = world.account('viewer')
  const balance = await world.chain.getBalance({ address: who })
  await setBalance(who, 0n)
  const { lines } = await ics.ask(deposit('viewer', 'aa'))
  await setBalance(who, balance)
  expect(lines.at(-1)).toBe('❌ INSUFFICIENT_BALANCE: The smart account has not enough ETH to pay for gas.')
  expect(submitted(lines)).toEqual([])
})

async function setBalance(who: Address, wei: bigint): Promise<void> {
  const rpc = world.chain.request as (call: { method: string; params: unknown[] }) => Promise<unknown>
  await rpc({ method: 'anvil_setBalance', params: [who, toHex(wei)] })
}
