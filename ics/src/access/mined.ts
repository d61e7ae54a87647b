import { setTimeout as sleep } from 'node:timers/promises'
import { TransactionReceiptNotFoundError, type Hex, type TransactionReceipt } from 'viem'
import type { Chain } from '../chain/client.ts'
import { persistedHeight } from '../chain/height.ts'
import type { Journal } from '../journal/journal.ts'
import type { TxRow } from '../journal/txes.ts'

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
   */
  constructor(
    private readonly chain: Chain,
    private readonly journal: Journal,
    private readonly depth: number,
    private readonly heightFile: string | undefined,
  ) {}

  /** Hands the same bytes to the node. What it answers proves nothing, so nothing is made of it. */
  async broadcast(raw: Hex): Promise<void> {
    await this.chain.sendRawTransaction({ serializedTransaction: raw }).catch(() => undefined)
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
        await this.broadcast(tx.raw)
      }
      await sleep(performance.now() - began > 10_000 ? SLOW_MS : POLL_MS)
    }
  }

  /** The block up to which the chain will not forget: of the head, and of the keeper where there is one. */
  async safeHeight(head: number): Promise<number> {
    const deep = head - this.depth + 1
    return this.heightFile === undefined ? deep : Math.min(deep, await persistedHeight(this.heightFile))
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
