import { type Address, type Hex, parseEther, parseTransaction } from 'viem'
import type { LocalAccount } from 'viem/accounts'
import { expect } from 'vitest'
import { signOn } from '../src/chain/client.ts'
import { signerFor, sponsorAccount } from '../src/chain/signer.ts'
import { type Ask, Ics, freshKey } from './ics.ts'
import { Proxy } from './proxy.ts'
import { World } from './world.ts'

export const SEND = 'eth_sendRawTransaction'
const PLATFORM = 2
/** The roads on which somebody else's transaction carries what the user signed. */
export const ROADS = ['relayer', 'aa'] as const
export type Road = (typeof ROADS)[number]
export type Known = Ask & { key: string }
export type Effect = { stake: bigint; held: bigint }

/** A chain, a proxy before it, and an ICS whose transactions a test may meet there. */
export class Carried {
  private constructor(
    readonly world: World,
    readonly proxy: Proxy,
    readonly ics: Ics,
  ) {}

  static async start(): Promise<Carried> {
    const world = await World.start()
    const proxy = await Proxy.to(world.anvil.url)
    return new Carried(world, proxy, await Ics.start(world, { RPC_URL: proxy.url }))
  }

  async stop(): Promise<void> {
    await this.ics.stop()
    this.proxy.stop()
    await this.world.stop()
  }

  actorOf(user: string, road: Road): Address {
    return road === 'aa' ? this.world.account(user) : this.world.address(user)
  }

  get sponsor(): LocalAccount {
    return sponsorAccount(this.world.local.mnemonic)
  }

  get stranger(): LocalAccount {
    return signerFor(this.world.local.mnemonic, 'approver')
  }

  /** What a deposit changes for its actor: his stake, and what he has left. */
  async effect(who: Address): Promise<Effect> {
    return { stake: await this.world.number('stakeManager', 'stakeOf', [who, PLATFORM]), held: await this.world.balance(who) }
  }

  /** Waits for the end of a deposit, which must have had one effect. */
  async once(ask: Known, who: Address, before: Effect, amount: string): Promise<void> {
    expect(await this.ics.ended(ask.key)).toMatchObject({ outcome: 'executed', outputs: { amount } })
    const after = await this.effect(who)
    expect([after.stake - before.stake, before.held - after.held]).toEqual([parseEther(amount), parseEther(amount)])
  }

  /** Does something with the nth transaction that ICS sends, before the node sees it; tells whether that came to pass. */
  onSend(nth: number, act: (raw: Hex) => Promise<void>): () => boolean {
    let seen = 0
    this.proxy.watch = {
      before: async (method, [raw]) => {
        if (method === SEND && ++seen === nth) await act(raw as Hex)
      },
    }
    return () => seen >= nth
  }

  /** Sends what a transaction carries in one of a stranger's. */
  async handIn(raw: Hex): Promise<Hex> {
    const { to, data = '0x', gas = 0n } = parseTransaction(raw)
    return this.mined(this.stranger, { to: to ?? '0x', data, gas })
  }

  /** Spends the nonce that the sponsor signed a transaction with. */
  async takeNonce(raw: Hex): Promise<void> {
    await this.mined(this.sponsor, { to: this.sponsor.address, nonce: parseTransaction(raw).nonce ?? 0 })
  }

  private async mined(by: LocalAccount, call: { to: Address; data?: Hex; gas?: bigint; nonce?: number }): Promise<Hex> {
    const hash = await signOn(this.world.anvil.url, this.world.local.chainId, by).sendTransaction(call)
    await this.world.chain.waitForTransactionReceipt({ hash })
    return hash
  }
}

export function deposit(user: string, txMode: string, amountAGIA = '5'): Known {
  return { intent: 'stake', params: { stake: { amountAGIA, role: 'platform' } }, user, key: freshKey(), meta: { txMode } }
}

export const submitted = (lines: string[]) => lines.filter((line) => line.startsWith('⛓️'))
