import { setTimeout as sleep } from 'node:timers/promises'
import { keccak256, parseTransaction, serializeTransaction } from 'viem'
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
const POLL_MS = 50
const SLOW_MS = 500
// A bundler gets an operation again while it is open, at longer and longer intervals: it may have dropped it.
const HAND_OVER_MS = 1_000
const MOST_MS = 30_000

type Signed = Omit<NewTx, 'key' | 'ordinal'>

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
    const envelope = await actor.carry(request)
    const write = (tx: Signed) => this.txes.add({ key, ordinal, ...tx })
    if (envelope.operation === undefined) await this.signed(actor.payer, envelope, write)
    else write(this.handed(envelope, envelope.operation))
    return this.sent(key, ordinal)
  }

  /** Waits until it is mined to stay, and tells what became of it; of `open` see {@link carryAgain}. */
  async settle(actor: Actor, tx: TxRow): Promise<Fate | 'open'> {
    const fate = tx.form === 'operation' ? await this.landed(actor, tx) : await this.mined(actor, tx)
    if (fate !== 'open') this.miner.carried(tx, fate.receipt, fate.error === undefined)
    return fate
  }

  /**
   * Puts the same signed call into a new transaction of the payer, because the journalled one can carry it no more. The
   * nonce that the user signed lets only one of them have an effect. Throws viem's error when it could not pass now,
   * and never Rejected: what is signed already may still take effect.
   */
  async carryAgain({ payer }: Actor, { key, ordinal, raw }: TxRow): Promise<TxRow> {
    await sleep(AGAIN_MS)
    const { to, data = '0x', gas = 0n } = parseTransaction(raw)
    if (to === undefined || to === null) throw new Error(`transaction ${ordinal} of ${key} has no target`)
    const needed = await this.chain.estimateGas({ account: payer.address, to, data })
    const envelope = { to, data, gas: needed > gas ? needed : gas }
    const write = (tx: Signed) => this.txes.replace({ key, ordinal, ...tx })
    await this.signed(payer, envelope, write).catch((error: unknown) => {
      throw error instanceof Rejected ? new Error(`the sponsor cannot carry it: ${error.message}`) : error
    })
    return this.sent(key, ordinal)
  }

  /** The transactions of a key, in order. */
  ofKey(key: string): TxRow[] {
    return this.txes.ofKey(key)
  }

  private async again(tx: TxRow): Promise<TxRow> {
    if (tx.state === 'signed') await this.miner.broadcast(tx)
    return tx
  }

  // What leaves is what the journal has.
  private async sent(key: string, ordinal: number): Promise<TxRow> {
    const row = this.txes.find(key, ordinal)
    if (row === undefined) throw new Error(`transaction ${ordinal} of ${key} is not in the journal`)
    await this.miner.broadcast(row)
    return row
  }

  private async mined(actor: Actor, tx: TxRow): Promise<Fate | 'open'> {
    return actor.fate(tx, await this.miner.settle(tx), await this.miner.safeBlock())
  }

  // The chain alone tells; without a bundler an open operation is the sponsor's to carry.
  private async landed(actor: Actor, tx: TxRow): Promise<Fate | 'open'> {
    const began = performance.now()
    for (let pause = HAND_OVER_MS, due = began + pause; ; await sleep(performance.now() - began > 10_000 ? SLOW_MS : POLL_MS)) {
      const fate = await actor.fate(tx, null, await this.miner.safeBlock())
      if (fate !== 'open' || this.miner.handover?.bundler === undefined) return fate
      if (performance.now() < due) continue
      await this.miner.broadcast(tx)
      pause = Math.min(2 * pause, MOST_MS)
      due = performance.now() + pause
    }
  }

  private handed({ operation: _taken, ...call }: Envelope, { hash, sender, nonce }: NonNullable<Envelope['operation']>): Signed {
    const raw = serializeTransaction({ type: 'eip1559', chainId: this.chainId, ...call })
    return { form: 'operation', signer: sender, nonce, hash, raw }
  }

  // From the choice of a nonce until it is written down nobody else may choose one.
  private async signed(payer: LocalAccount, call: Envelope, write: (tx: Signed) => void): Promise<void> {
    const fees = await feesAt(this.chain)
    const release = await this.nonces.acquire(payer.address)
    try {
      await this.checkPurse(payer, call.gas * fees.maxFeePerGas)
      const nonce = await this.nonce(payer)
      const raw = await payer.signTransaction({ type: 'eip1559', chainId: this.chainId, nonce, ...call, ...fees })
      write({ form: 'transaction', signer: payer.address, nonce, hash: keccak256(raw), raw })
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
