import { encodeFunctionData, keccak256, type Hex } from 'viem'
import type { HDAccount } from 'viem/accounts'
import type { Chain } from '../chain/client.ts'
import { Rejected } from '../errors.ts'
import type { Txes, TxRow } from '../journal/txes.ts'
import type { Fate, Miner } from './mined.ts'
import type { Request } from './request.ts'
import { failureOfData, refusalOf } from './revert.ts'
import { feesAt } from './simulate.ts'
import type { Failure } from '../status.ts'

/** Signs, journals and sends: at most one transaction for each ordinal of a key, ever. */
export class Sender {
  constructor(
    private readonly chain: Chain,
    private readonly chainId: number,
    private readonly txes: Txes,
    private readonly miner: Miner,
  ) {}

  /**
   * The transaction of this ordinal: the journalled one when it was signed before, else a new one, written down
   * before its first byte leaves. The caller holds the signer's lock.
   *
   * @throws Rejected when the call would revert, or the signer cannot pay: nothing was signed then
   */
  async submit(key: string, ordinal: number, account: HDAccount, request: Request): Promise<TxRow> {
    const known = this.txes.find(key, ordinal)
    if (known !== undefined) return this.again(known)
    const { signed, nonce } = await this.sign(account, request)
    this.txes.add({ key, ordinal, signer: account.address, nonce, hash: keccak256(signed), raw: signed })
    await this.miner.broadcast(signed)
    return this.written(key, ordinal)
  }

  /** Waits until it is mined to stay; null when another transaction took its nonce. */
  settle(tx: TxRow): Promise<Fate> {
    return this.miner.settle(tx)
  }

  /** The transactions of a key, in order. */
  ofKey(key: string): TxRow[] {
    return this.txes.ofKey(key)
  }

  /** Why a mined transaction reverted, as the node's trace tells; receipts carry no reason. */
  async reasonOf(hash: Hex): Promise<Failure> {
    const trace = await this.trace(hash)
    return failureOfData(trace ?? '0x')
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

  private async sign(account: HDAccount, request: Request): Promise<{ signed: Hex; nonce: number }> {
    const { to, abi, functionName, args } = request
    const fees = await feesAt(this.chain)
    const gas = await this.gasFor(account, request, fees)
    const nonce = await this.nonce(account)
    const data = encodeFunctionData({ abi, functionName, args: [...args] })
    const signed = await account.signTransaction({ type: 'eip1559', chainId: this.chainId, to, data, nonce, gas, ...fees })
    return { signed, nonce }
  }

  private async gasFor(account: HDAccount, request: Request, fees: Awaited<ReturnType<typeof feesAt>>): Promise<bigint> {
    try {
      const { abi, address, functionName, args } = request
      const estimate = await this.chain.estimateContractGas({ abi, address, functionName, args: [...args], account, ...fees })
      // State may differ a little when it is mined: cold slots, one more loop.
      return (estimate * 13n) / 10n
    } catch (error) {
      const failure = refusalOf(error)
      throw failure === undefined ? error : new Rejected(failure)
    }
  }

  // The node forgets its pool when it dies, the journal does not.
  private async nonce({ address }: HDAccount): Promise<number> {
    const pending = await this.chain.getTransactionCount({ address, blockTag: 'pending' })
    return Math.max(pending, this.txes.nextNonce(address))
  }

  private async trace(hash: Hex): Promise<Hex | undefined> {
    const request = this.chain.request as (call: { method: string; params: unknown[] }) => Promise<unknown>
    const asked = { method: 'debug_traceTransaction', params: [hash, { tracer: 'callTracer' }] }
    const answer = (await request(asked).catch(() => undefined)) as { output?: Hex } | undefined
    return answer?.output
  }
}
