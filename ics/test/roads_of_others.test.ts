import type { Hex } from 'viem'
import { afterAll, afterEach, beforeAll, describe, expect, test } from 'vitest'
import { Carried, ROADS, SEND, deposit, submitted } from './carried.ts'
import { Ics } from './ics.ts'

let at: Carried

beforeAll(async () => {
  at = await Carried.start()
})
afterEach(() => {
  at.proxy.watch = {}
})
afterAll(() => at.stop())

describe.each(ROADS)('%s, with others about', (road) => {
  test('what was carried once is worth nothing to who hands it in again', async () => {
    const sent: Hex[] = []
    at.proxy.watch = { before: async (method, [raw]) => void (method === SEND && sent.push(raw as Hex)) }
    const ask = deposit('validator3', road, '1')
    const who = at.actorOf('validator3', road)
    const before = await at.effect(who)
    await at.ics.ask(ask)
    expect(sent).toHaveLength(2)
    for (const raw of [...sent, ...sent]) await at.handIn(raw).catch(() => undefined)
    await at.once(ask, who, before, '1.00')
  })

  test('what a stranger hands in first still has one effect, and is told as done', async () => {
    const who = at.actorOf('viewer', road)
    const before = await at.effect(who)
    let theirs: Hex = '0x'
    const handedIn = at.onSend(2, async (raw) => void (theirs = await at.handIn(raw)))
    const ask = deposit('viewer', road, '2')
    const { lines } = await at.ics.ask(ask)
    expect(handedIn()).toBe(true)
    await at.once(ask, who, before, '2.00')
    expect(submitted(lines).at(-1)).toBe(`⛓️ Tx submitted: ${theirs}`)
    expect((await at.ics.status(ask.key)).receipt?.txes.at(-1)).toBe(theirs)
  })

  test("a stranger's transaction counts when it is as deep as the profile says", { timeout: 90_000 }, async () => {
    const deep = await Ics.start(at.world, { RPC_URL: at.proxy.url, ICS_DEPTH: '10' })
    try {
      let theirs: Hex = '0x'
      at.onSend(2, async (raw) => {
        await at.takeNonce(raw)
        theirs = await at.handIn(raw)
      })
      const ask = deposit('agent', road, '2')
      await deep.ask(ask)
      const { outcome, receipt } = await deep.ended(ask.key)
      expect([outcome, receipt?.txes.at(-1)]).toEqual(['executed', theirs])
      const { blockNumber } = await at.world.chain.getTransactionReceipt({ hash: theirs })
      expect((await at.world.chain.getBlockNumber()) - blockNumber).toBeGreaterThanOrEqual(9n)
    } finally {
      await deep.stop()
    }
  })

  test("goes into a new transaction when another one took the sponsor's nonce", { timeout: 60_000 }, async () => {
    const who = at.actorOf('viewer', road)
    const before = await at.effect(who)
    const taken = at.onSend(2, (raw) => at.takeNonce(raw))
    const ask = deposit('viewer', road, '3')
    const { lines } = await at.ics.ask(ask)
    await at.ics.ended(ask.key)
    expect(taken()).toBe(true)
    expect(submitted((await at.ics.ask(ask)).lines)).toHaveLength(3)
    expect(lines[0]).toContain(road)
    await at.once(ask, who, before, '3.00')
  })
})
