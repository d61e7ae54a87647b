import { setTimeout as sleep } from 'node:timers/promises'
import { TransactionReceiptNotFoundError, type Hex, type TransactionReceipt } from 'viem'
import type { Chain } from '../chain/client.ts'
import { persistedHeight } from '../chain/height.ts'
import type { Journal } from '../journal/journal.ts'
import type { TxRow } from '../journal/txes.ts'
import type { Handover } from './handover.ts'

const POLL_MS = 25
const RESEND_MS = 1_000
const SLOW_MS = 500

/** How a transaction ended: its receipt, or null when another one took its nonce. */
export type Fate = TransactionReceipt | null

/** Brings signed transactions into blocks and knows when they are there to stay. */
export class Miner {
  /**
   * @param depth how many blocks must hold it, itself included
   * @param heightFile the keeper's, where only what it saved survives the node
   * @param handover of operations that are journalled as such; none on a chain without an entry point
   */
  constructor(
    private readonly chain: Chain,
    private readonly journal: Journal,
    private readonly depth: number,
    private readonly heightFile: string | undefined,
    readonly handover: Handover | undefined = undefined,
  ) {}

  /** Hands the same bytes to the node, or the bundler. What it answers proves nothing, so nothing is made of it. */
  async broadcast({ form, raw }: Pick<TxRow, 'form' | 'raw'>): Promise<void> {
    if (form === 'operation') await this.handover?.send(raw)
    else await this.chain.sendRawTransaction({ serializedTransaction: raw }).catch(() => undefined)
  }

  /** Waits, however long, until a transaction is mined to the depth and saved, sending it again while it is absent. */
  async settle(tx: TxRow): Promise<Fate> {
    const began = performance.now()
    let sent = began
    let taken = 0
    for (;;) {
      const receipt = await this.receipt(tx.hash)
      if (receipt && (await this.stays(receipt))) return this.settled(tx, receipt)
      if (receipt === null && performance.now() - sent > RESEND_MS) {
        sent = performance.now()
        taken = (await this.nonceTaken(tx)) ? taken + 1 : 0
        if (taken >= 5) return this.replaced(tx)
        await this.broadcast(tx)
      }
      await sleep(performance.now() - began > 10_000 ? SLOW_MS : POLL_MS)
    }
  }

  /** The block up to which the chain will not forget: of the head, and of the keeper where there is one. */
  async safeHeight(head: number): Promise<number> {
    const deep = head - this.depth + 1
    return this.heightFile === undefined ? deep : Math.min(deep, await persistedHeight(this.heightFile))
  }

  /** The same, of the head that the chain has now. */
  async safeBlock(): Promise<bigint> {
    return BigInt(await this.safeHeight(Number(await this.chain.getBlockNumber())))
  }

  /** Whether a journalled call is in a block, its own or the one that another transaction carried it into. */
  async isThere({ form, hash, carrier }: TxRow): Promise<boolean> {
    if (carrier !== null && (await this.receipt(carrier)) !== null) return true
    if (form === 'transaction') return (await this.receipt(hash)) !== null
    return (await this.handover?.isThere(hash)) ?? false
  }

  /** Writes down which transaction carried a call, or (undefined) that none ever will. */
  carried({ hash, form }: TxRow, by: TransactionReceipt | undefined, success: boolean): void {
    this.journal.atomically(() => {
      const block = by === undefined ? null : Number(by.blockNumber)
      if (form === 'operation') this.journal.txes.settle(hash, by === undefined ? 'replaced' : success ? 'mined' : 'reverted', block)
      if (by === undefined || by.transactionHash === hash) return
      this.journal.txes.carried(hash, by.transactionHash, Number(by.blockNumber))
      this.journal.identity.saw(Number(by.blockNumber), by.blockHash)
    })
  }

  /** The receipt, null when the chain has none, undefined when it could not be asked. */
  async receipt(hash: Hex): Promise<TransactionReceipt | null | undefined> {
    try {
      return await this.chain.getTransactionReceipt({ hash })
    } catch (error) {
      return error instanceof TransactionReceiptNotFoundError ? null : undefined
    }
  }

  private async stays({ blockNumber }: TransactionReceipt): Promise<boolean> {
    const head = await this.chain.getBlockNumber().catch(() => -1n)
    return Number(blockNumber) <= (await this.safeHeight(Number(head)))
  }

  private settled(tx: TxRow, receipt: TransactionReceipt): TransactionReceipt {
    const block = Number(receipt.blockNumber)
    this.journal.atomically(() => {
      this.journal.txes.settle(tx.hash, receipt.status === 'success' ? 'mined' : 'reverted', block)
      this.journal.identity.saw(block, receipt.blockHash)
    })
    return receipt
  }

  private replaced(tx: TxRow): null {
    this.journal.txes.settle(tx.hash, 'replaced', null)
    return null
  }

  // Asked before the receipt is asked again: our own transaction takes the nonce as well.
  private async nonceTaken({ signer, nonce, hash }: TxRow): Promise<boolean> {
    const count = await this.chain.getTransactionCount({ address: signer as Hex }).catch(() => 0)
    return count > nonce && (await this.receipt(hash)) === null
  }
}
