import { type Address, type Hex, toHex } from 'viem'
import { afterAll, afterEach, beforeAll, describe, expect, test } from 'vitest'
import { Carried, ROADS, SEND, deposit, submitted } from './carried.ts'

let at: Carried

beforeAll(async () => {
  at = await Carried.start()
})
afterEach(() => {
  at.proxy.watch = {}
})
afterAll(() => at.stop())

describe.each(ROADS)('%s', (road) => {
  test('moves the tokens of the actor, whom the contracts see; the sponsor signs', async () => {
    const who = at.actorOf('viewer', road)
    const before = await at.effect(who)
    const ask = deposit('viewer', road)
    const { lines } = await at.ics.ask(ask)
    expect(lines[0]).toBe(`🔍 Deposit stake dry-run (${road})`)
    expect(submitted(lines)).toHaveLength(2)
    expect(lines.at(-1)).toBe('✅ Deposited 5.00 AGIALPHA for platform.')
    await at.once(ask, who, before, '5.00')
    for (const hash of (await at.ics.status(ask.key)).receipt?.txes ?? []) {
      const { from } = await at.world.chain.getTransaction({ hash: hash as Hex })
      expect(from).toBe(at.sponsor.address.toLowerCase())
    }
  })

  test('a call that reverts inside is failed with the decoded reason, and dead for good', async () => {
    const who = at.actorOf('viewer', road)
    let carried: Hex = '0x'
    const paused = at.onSend(2, async (raw) => {
      carried = raw
      await at.world.as('governance', 'stakeManager', 'pause')
    })
    const ask = deposit('viewer', road, '4')
    const { lines } = await at.ics.ask(ask)
    expect(paused()).toBe(true)
    await at.world.as('governance', 'stakeManager', 'unpause')
    expect(lines.at(-1)).toBe('❌ ENFORCED_PAUSE: The contracts are paused.')
    expect(await at.ics.status(ask.key)).toMatchObject({ outcome: 'failed', error: { code: 'ENFORCED_PAUSE' } })
    const before = await at.effect(who)
    await at.handIn(carried).catch(() => undefined)
    expect(await at.effect(who)).toEqual(before)
  })

  test.each([
    ['between journal and broadcast', 'before'],
    ['after the broadcast', 'after'],
  ] as const)('kill -9 %s: the same bytes, one effect', { timeout: 60_000 }, async (_, when) => {
    const who = at.actorOf('operator', road)
    const before = await at.effect(who)
    const sent: string[] = []
    const ask = deposit('operator', road, '6')
    const killed = new Promise<void>((resolve) => {
      let seen = 0
      const note = async (method: string, params?: unknown[]) => {
        if (method === SEND && params !== undefined) sent.push(String(params[0]))
      }
      const kill = async (method: string) => {
        if (method === SEND && ++seen === 2) resolve(await at.ics.kill())
      }
      const both = async (method: string, params: unknown[]) => (await note(method, params), when === 'before' ? kill(method) : undefined)
      at.proxy.watch = { before: both, ...(when === 'after' && { after: kill }) }
    })
    const answer = at.ics.ask(ask).catch(() => undefined)
    await killed
    await answer
    at.proxy.watch = { before: async (method, [raw]) => void (method === SEND && sent.push(String(raw))) }
    await at.ics.restart()
    await at.once(ask, who, before, '6.00')
    expect(new Set(sent).size).toBe(2)
  })
})

test('a relayed request that comes after its time is failed, and does nothing', async () => {
  const who = at.world.address('viewer')
  const late = at.onSend(2, () => at.world.pass(601))
  const ask = deposit('viewer', 'relayer', '9')
  const { lines } = await at.ics.ask(ask)
  expect(late()).toBe(true)
  expect(lines.at(-1)).toBe('❌ REQUEST_EXPIRED: The relayed request reached the chain after its time; nothing was done.')
  const before = await at.effect(who)
  expect(await at.ics.status(ask.key)).toMatchObject({ outcome: 'failed', receipt: { txes: [expect.any(String), expect.any(String)] } })
  expect(await at.effect(who)).toEqual(before)
})

test('users of all roads act at once, and each has his effect', { timeout: 60_000 }, async () => {
  const users = ['viewer', 'operator', 'agent', 'validator1']
  const asks = users.flatMap((user) => ['direct', ...ROADS].map((road) => deposit(user, road, '1')))
  const ends = await Promise.all(asks.map(async (ask) => (await at.ics.ask(ask), at.ics.ended(ask.key))))
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
  const { lines } = await at.ics.ask({ ...deposit('viewer', txMode), confirm: false })
  expect(lines[0]).toBe(`🔍 Deposit stake dry-run (${road})`)
})

test('a smart account that cannot pay is told so, and nothing is sent', async () => {
  const who = at.world.account('viewer')
  const balance = await at.world.chain.getBalance({ address: who })
  await setBalance(who, 0n)
  const { lines } = await at.ics.ask(deposit('viewer', 'aa'))
  await setBalance(who, balance)
  expect(lines.at(-1)).toBe('❌ INSUFFICIENT_BALANCE: The smart account has not enough ETH to pay for gas.')
  expect(submitted(lines)).toEqual([])
})

async function setBalance(who: Address, wei: bigint): Promise<void> {
  const rpc = at.world.chain.request as (call: { method: string; params: unknown[] }) => Promise<unknown>
  await rpc({ method: 'anvil_setBalance', params: [who, toHex(wei)] })
}
