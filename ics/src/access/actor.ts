import type { Address, Hex, TransactionReceipt } from 'viem'
import type { HDAccount, LocalAccount } from 'viem/accounts'
import type { TxRow } from '../journal/txes.ts'
import type { TxMode } from '../schema.ts'
import type { Failure } from '../status.ts'
import type { Request } from './request.ts'

/** How the transactions of a user reach the chain, by the name that a preview says. */
export type Road = 'direct' | 'relayer' | 'aa'

/** The road behind each value of `meta.txMode`; an absent one is direct. */
export const ROAD_OF: Record<TxMode, Road> = {
  direct: 'direct',
  raw: 'direct',
  relayer: 'relayer',
  '2771': 'relayer',
  'meta-tx': 'relayer',
  meta_tx: 'relayer',
  aa: 'aa',
  'account-abstraction': 'aa',
  account_abstraction: 'aa',
  '4337': 'aa',
}

/** As whom a call is simulated and estimated, so that the contracts see the actor: the parameters of viem. */
export type Caller = { account: Address; dataSuffix?: Hex }

/**
 * The transaction that carries a call: target, data and gas limit. With `operation` a bundler is handed what is in it,
 * and a transaction of the payer carries it only when there is no bundler any more.
 */
export type Envelope = { to: Address; data: Hex; gas: bigint; operation?: { hash: Hex; sender: Address; nonce: number } }

/**
 * How a call ended: the receipt of the transaction that carried it, with the logs of that call alone, and why it did
 * nothing. Without a receipt no transaction has carried it, and none ever will.
 */
export type Fate = { receipt: TransactionReceipt; error?: undefined } | { receipt?: TransactionReceipt; error: Failure }

/** Who acts on the chain for a user, and how his calls get there. One road, one class. */
export interface Actor {
  readonly mode: Road
  /** Whom the contracts see: the owner of tokens, allowance, stakes and votes. */
  readonly address: Address
  /** The user's own key; the salts of his votes follow from it. */
  readonly key: HDAccount
  readonly caller: Caller
  /** Signs and pays the transactions that carry his calls. */
  readonly payer: LocalAccount

  /**
   * Makes sure that something new can be carried now.
   *
   * @throws Rejected (TXMODE_UNSUPPORTED); viem's errors when somebody cannot be asked
   */
  admit(): Promise<void>

  /**
   * Signs what the user wants and wraps it. Nothing that is signed leaves before it is journalled. The caller holds
   * the user's lock.
   *
   * @throws Rejected when the call would revert, or somebody cannot pay for it
   */
  carry(request: Request): Promise<Envelope>

  /**
   * What became of what the user signed, when a transaction that carried it is mined to stay, or (null) there is none
   * of ours. `open` when it still may take effect: neither this nor any other transaction has used it up.
   *
   * @param safe the block up to which the chain will not forget: what came later proves nothing yet
   */
  fate(tx: TxRow, mined: TransactionReceipt | null, safe: bigint): Promise<Fate | 'open'>
}
