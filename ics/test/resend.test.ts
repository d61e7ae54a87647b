import { setTimeout as sleep } from 'node:timers/promises'
import { TransactionReceiptNotFoundError, type TransactionReceipt } from 'viem'
import { afterEach, describe, expect, test, vi } from 'vitest'
import { Miner } from '../src/access/mined.ts'
import type { Chain } from '../src/chain/client.ts'
import type { Journal } from '../src/journal/journal.ts'
import type { TxRow } from '../src/journal/txes.ts'

const HASH = `0x${'1'.repeat(64)}` as const
const tx = { key: 'run:step:0', ordinal: 0, signer: `0x${'2'.repeat(40)}`, nonce: 3, hash: HASH, raw: '0x02', state: 'signed', block: null } as unknown as TxRow
const mined = { blockNumber: 5n, blockHash: `0x${'3'.repeat(64)}`, status: 'success' } as unknown as TransactionReceipt

/** A node that forgets what it was sent the first time. */
class Forgetful {
  sent = 0

  sendRawTransaction = async () => void this.sent++
  getTransactionReceipt = async () => {
    if (this.sent < 1) throw new TransactionReceiptNotFoundError({ hash: HASH })
    return mined
  }
  getTransactionCount = async () => 3
  getBlockNumber = async () => 5n
}

const journal = { atomically: (work: () => void) => work(), txes: { settle: () => undefined }, identity: { saw: () => undefined } }

describe('a transaction that the node forgot', () => {
  afterEach(() => vi.useRealTimers())

  test('is sent again within two seconds, also when the clock is set back meanwhile', async () => {
    const node = new Forgetful()
    const miner = new Miner(node as unknown as Chain, journal as unknown as Journal, 1, undefined)
    const fate = miner.settle(tx)
    await sleep(100)
    vi.useFakeTimers({ toFake: ['Date'], now: Date.now() - 3_600_000 })
    expect(await Promise.race([fate, sleep(3_000, 'never sent')])).toEqual(mined)
    expect(node.sent).toBe(1)
  })
})
