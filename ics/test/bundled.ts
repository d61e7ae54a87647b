import { setTimeout as sleep } from 'node:timers/promises'
import { type Hex, parseEther } from 'viem'
import { expect } from 'vitest'
import { TestBundler } from './bundler.ts'
import { type Ask, Ics, freshKey } from './ics.ts'
import { Proxy } from './proxy.ts'
import { World } from './world.ts'

export const HAND_OVER = 'eth_sendUserOperation'
const PLATFORM = 2
export type Known = Ask & { key: string; user: string }
export type Effect = { stake: bigint; held: bigint }

/** A chain, a bundler, a proxy between the two of them, and an ICS that hands its operations to it. */
export class Bundled {
  private constructor(
    readonly world: World,
    readonly bundler: TestBundler,
    readonly proxy: Proxy,
    readonly ics: Ics,
  ) {}

  static async start(): Promise<Bundled> {
    const world = await World.start()
    const bundler = await TestBundler.start(world)
    const proxy = await Proxy.to(bundler.url)
    return new Bundled(world, bundler, proxy, await Ics.start(world, { AA_BUNDLER_RPC_URL: proxy.url }))
  }

  reset(): void {
    this.proxy.watch = {}
    this.bundler.reset()
  }

  async stop(): Promise<void> {
    await this.ics.stop()
    this.proxy.stop()
    this.bundler.stop()
    await this.world.stop()
  }

  /** What a deposit changes for a user's account: its stake, and what it has left. */
  async effect(user: string): Promise<Effect> {
    const who = this.world.account(user)
    return { stake: await this.world.number('stakeManager', 'stakeOf', [who, PLATFORM]), held: await this.world.balance(who) }
  }

  /** Waits for the end of a deposit, which must have had one effect, told with the transactions that carried it. */
  async once(ask: Known, before: Effect, amount: string) {
    const status = await this.ics.ended(ask.key)
    expect(status).toMatchObject({ outcome: 'executed', outputs: { amount } })
    const after = await this.effect(ask.user)
    expect([after.stake - before.stake, before.held - after.held]).toEqual([parseEther(amount), parseEther(amount)])
    const said = (await this.ics.ask(ask)).lines.filter((line) => line.startsWith('⛓️'))
    const txes = status.receipt?.txes ?? []
    expect(said).toEqual(txes.map((hash) => `⛓️ Tx submitted: ${hash}`))
    return txes as Hex[]
  }

  /** How many different operations the bundler was handed. */
  distinct(): number {
    return new Set(this.bundler.handed.map((operation) => JSON.stringify(operation))).size
  }

  /** Does something at the nth handing over: before the bundler sees it, or after it answered and nobody knows yet. */
  async at(when: 'before' | 'after', nth: number, act: () => Promise<void>): Promise<void> {
    let seen = 0
    return new Promise((resolve) => {
      const watch = async (method: string) => {
        if (method === HAND_OVER && ++seen === nth) resolve(await act())
      }
      this.proxy.watch = { [when]: watch }
    })
  }
}

export function deposit(user: string, amountAGIA: string): Known {
  return { intent: 'stake', params: { stake: { amountAGIA, role: 'platform' } }, user, key: freshKey(), meta: { txMode: 'aa' } }
}

export async function until(holds: () => boolean): Promise<void> {
  while (!holds()) await sleep(20)
}
