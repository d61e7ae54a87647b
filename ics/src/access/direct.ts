import type { TransactionReceipt } from 'viem'
import type { HDAccount } from 'viem/accounts'
import type { Chain } from '../chain/client.ts'
import type { TxRow } from '../journal/txes.ts'
import type { Failure } from '../status.ts'
import type { Actor, Caller, Envelope, Fate } from './actor.ts'
import { gasFor } from './gas.ts'
import { type Request, dataOf } from './request.ts'
import { reasonOf } from './trace.ts'

const NONCE_TAKEN: Failure = {
  code: 'NONCE_TAKEN',
  message: "Another transaction of this signer took this one's place.",
  fix: 'Use the signer through OneBox alone, then plan again.',
}

/** `txMode` direct: the user's own account signs, pays and is the actor. */
export class Direct implements Actor {
  readonly mode = 'direct'
  readonly address
  readonly caller: Caller
  readonly payer

  constructor(
    private readonly chain: Chain,
    readonly key: HDAccount,
  ) {
    this.address = key.address
    this.payer = key
    this.caller = { account: key.address }
  }

  async admit(): Promise<void> {}

  async carry(request: Request): Promise<Envelope> {
    const gas = await gasFor(this.chain, this.caller, request)
    return { to: request.to, data: dataOf(request), gas }
  }

  async fate({ hash }: TxRow, mined: TransactionReceipt | null): Promise<Fate> {
    if (mined === null) return { error: NONCE_TAKEN }
    return mined.status === 'success' ? { receipt: mined } : { receipt: mined, error: await reasonOf(this.chain, hash) }
  }
}
