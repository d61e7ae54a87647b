import { setTimeout as sleep } from 'node:timers/promises'
import { type Hex, keccak256, parseTransaction } from 'viem'
import type { LocalAccount } from 'viem/accounts'
import type { Chain } from '../chain/client.ts'
import { NO_GAS_MONEY, Rejected } from '../errors.ts'
import type { NewTx, TxRow, Txes } from '../journal/txes.ts'
import { Locks } from '../locks.ts'
import type { Actor, Envelope, Fate } from './actor.ts'
import { feesAt } from './gas.ts'
import type { Miner } from './mined.ts'
import type { Request } from './request.ts'

// Whoever takes a payer's nonces again and again should not be answered as fast as he can.
const AGAIN_MS = 500

/** Signs, journals and sends: at most one transaction for each ordinal of a key, ever. */
export class Sender {
  // By payer: intents of several users may be carried by one account, whose nonces must follow each other.
  private readonly nonces = new Locks()

  constructor(
    private readonly chain: Chain,
    private readonly chainId: number,
    private readonly txes: Txes,
    private readonly miner: Miner,
  ) {}

  /**
   * The transaction of this ordinal: the journalled one when it was signed before, else a new one, written down
   * before its first byte leaves. The caller holds the lock of the actor's key.
   *
   * @throws Rejected when the call would revert, or somebody cannot pay for it: nothing was signed then
   */
  async submit(key: string, ordinal: number, actor: Actor, request: Request): Promise<TxRow> {
    const known = this.txes.find(key, ordinal)
    if (known !== undefined) return this.again(known)
    const raw = await this.signed(actor.payer, await actor.carry(request), (tx) => this.txes.add({ key, ordinal, ...tx }))
    await this.miner.broadcast(raw)
    return this.written(key, ordinal)
  }

  /** Waits until it is mined to stay, and tells what became of it; of `open` see {@link carryAgain}. */
  async settle(actor: Actor, tx: TxRow): Promise<Fate | 'open'> {
    return actor.fate(tx, await this.miner.settle(tx))
  }

  /**
   * Puts the same signed call into a new transaction of the payer, because the journalled one can carry it no more. The
   * nonce that the user signed lets only one of them have an effect. Throws viem's error when it could not pass now.
   */
  async carryAgain({ payer }: Actor, { key, ordinal, raw }: TxRow): Promise<TxRow> {
    await sleep(AGAIN_MS)
    const { to, data = '0x', gas = 0n } = parseTransaction(raw)
    if (to === undefined || to === null) throw new Error(`transaction ${ordinal} of ${key} has no target`)
    const needed = await this.chain.estimateGas({ account: payer.address, to, data })
    const envelope = { to, data, gas: needed > gas ? needed : gas }
    await this.miner.broadcast(await this.signed(payer, envelope, (tx) => this.txes.replace({ key, ordinal, ...tx })))
    return this.written(key, ordinal)
  }

  /** The transactions of a key, in order. */
  ofKey(key: string): TxRow[] {
    return this.txes.ofKey(key)
  }

  private async again(tx: TxRow): Promise<TxRow> {
    if (tx.state === 'signed') await this.miner.broadcast(tx.raw)
    return tx
  }

  private written(key: string, ordinal: number): TxRow {
    const row = this.txes.find(key, ordinal)
    if (row === undefined) throw new Error(`transaction ${ordinal} of ${key} is not in the journal`)
    return row
  }

  // From the choice of a nonce until it is written down nobody else may choose one.
  private async signed(payer: LocalAccount, call: Envelope, write: (tx: Omit<NewTx, 'key' | 'ordinal'>) => void): Promise<Hex> {
    const fees = await feesAt(this.chain)
    const release = await this.nonces.acquire(payer.address)
    try {
      await this.checkPurse(payer, call.gas * fees.maxFeePerGas)
      const nonce = await this.nonce(payer)
      const raw = await payer.signTransaction({ type: 'eip1559', chainId: this.chainId, nonce, ...call, ...fees })
      write({ signer: payer.address, nonce, hash: keccak256(raw), raw })
      return raw
    } finally {
      release()
    }
  }

  private async checkPurse({ address }: LocalAccount, wei: bigint): Promise<void> {
    if ((await this.chain.getBalance({ address })) < wei) throw new Rejected(NO_GAS_MONEY)
  }

  // The node forgets its pool when it dies, the journal does not.
  private async nonce({ address }: LocalAccount): Promise<number> {
    const pending = await this.chain.getTransactionCount({ address, blockTag: 'pending' })
    return Math.max(pending, this.txes.nextNonce(address))
  }
}
