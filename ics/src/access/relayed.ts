import {
  type Address,
  type Hex,
  type TransactionReceipt,
  decodeFunctionData,
  encodeFunctionData,
  parseTransaction,
  recoverTypedDataAddress,
} from 'viem'
import type { HDAccount, LocalAccount } from 'viem/accounts'
import { z } from 'zod'
import { abiOf } from '../chain/abi.ts'
import type { Chain } from '../chain/client.ts'
import type { TxRow } from '../journal/txes.ts'
import type { Failure } from '../status.ts'
import type { Actor, Caller, Envelope, Fate } from './actor.ts'
import { type Ended, endOf, partOf, receiptOfLog } from './ends.ts'
import { carriedGas, gasFor } from './gas.ts'
import { type Request, dataOf } from './request.ts'
import { reasonOf } from './trace.ts'

/** Seconds of the chain's clock in which a signed request may be executed; whoever sees it could hand it in. */
const VALID_FOR = 600n
const TYPES = {
  ForwardRequest: [
    { name: 'from', type: 'address' },
    { name: 'to', type: 'address' },
    { name: 'value', type: 'uint256' },
    { name: 'gas', type: 'uint256' },
    { name: 'nonce', type: 'uint256' },
    { name: 'deadline', type: 'uint48' },
    { name: 'data', type: 'bytes' },
  ],
} as const
const EXPIRED: Failure = {
  code: 'REQUEST_EXPIRED',
  message: 'The relayed request reached the chain after its time; nothing was done.',
  fix: 'Look whether the chain takes transactions, then plan again.',
}

const bytes = z.custom<Hex>((text) => typeof text === 'string')
const Signed = z.object({ from: bytes, to: bytes, value: z.bigint(), gas: z.bigint(), deadline: z.number(), data: bytes, signature: bytes })
type Signed = z.infer<typeof Signed>
const Batch = z.object({ args: z.tuple([z.tuple([Signed]), z.string()]) })

/** A block, now when absent. */
type At = { blockNumber?: bigint }
type Domain = { name: string; version: string; chainId: number; verifyingContract: Address }
/** The trusted forwarder, the domain that requests are signed for, who pays, and since which block it is there. */
export type Relay = { forwarder: Address; domain: Domain; sponsor: LocalAccount; since: bigint }

/**
 * `txMode` relayer: the user signs a request (ERC-2771) and the sponsor's transaction has the trusted forwarder make
 * the call, which the contracts take as the user's own. What makes its effect happen at most once is the request's
 * nonce in the forwarder: a batch of one uses it up even when the call itself reverts, `execute` would not.
 */
export class Relayed implements Actor {
  readonly mode = 'relayer'
  readonly address: Address
  readonly caller: Caller
  readonly payer: LocalAccount
  private readonly abi = abiOf('forwarder')

  constructor(
    private readonly chain: Chain,
    private readonly relay: Relay,
    readonly key: HDAccount,
  ) {
    this.address = key.address
    this.payer = relay.sponsor
    this.caller = { account: relay.forwarder, dataSuffix: key.address }
  }

  async admit(): Promise<void> {}

  async carry(request: Request): Promise<Envelope> {
    const { forwarder, domain } = this.relay
    const gas = await gasFor(this.chain, this.caller, request)
    const { timestamp } = await this.chain.getBlock()
    const terms = { from: this.address, to: request.to, value: 0n, gas, deadline: Number(timestamp + VALID_FOR), data: dataOf(request) }
    const message = { ...terms, nonce: await this.nextNonce() }
    const signature = await this.key.signTypedData({ domain, types: TYPES, primaryType: 'ForwardRequest', message })
    const args = [[{ ...terms, signature }], this.payer.address]
    const data = encodeFunctionData({ abi: this.abi, functionName: 'executeBatch', args })
    return { to: forwarder, data, gas: carriedGas(gas, data) }
  }

  async fate({ raw }: TxRow, mined: TransactionReceipt | null, safe: bigint): Promise<Fate | 'open'> {
    const { data = '0x' } = parseTransaction(raw)
    const [[signed]] = Batch.parse(decodeFunctionData({ abi: this.abi, data })).args
    const nonce = await this.nonceOf(signed, await this.nextNonce())
    const ended = this.endIn(mined, nonce) ?? (await this.endElsewhere(nonce, safe))
    if (ended !== undefined) return this.judged(ended, signed)
    const { timestamp } = await this.chain.getBlock({ blockNumber: safe })
    if (timestamp > BigInt(signed.deadline)) return { error: EXPIRED }
    // Judged now it may be taken or too late already, which the safe block will tell when it has come so far.
    if (await this.read('verify', [signed], { blockNumber: safe })) return 'open'
    throw new Error(`the forwarder does not take the journalled request of ${this.address}`)
  }

  private async judged(ended: Ended, { to }: Signed): Promise<Fate> {
    const receipt = partOf(ended)
    return ended.success ? { receipt } : { receipt, error: await reasonOf(this.chain, receipt.transactionHash, to) }
  }

  private endIn(mined: TransactionReceipt | null, nonce: bigint): Ended | undefined {
    const { forwarder } = this.relay
    const isOurs = (args: Record<string, unknown>) => args['signer'] === this.address && args['nonce'] === nonce
    return mined === null ? undefined : endOf(mined, { abi: this.abi, address: forwarder, eventName: 'ExecutedForwardRequest' }, isOurs)
  }

  // Anybody may hand in a request that he has seen: then the effect is in a transaction that is not ours.
  private async endElsewhere(nonce: bigint, safe: bigint): Promise<Ended | undefined> {
    if ((await this.nextNonce({ blockNumber: safe })) <= nonce) return undefined
    const { forwarder: address, since: fromBlock } = this.relay
    const filter = { abi: this.abi, address, eventName: 'ExecutedForwardRequest', args: { signer: this.address } }
    for (const log of await this.chain.getContractEvents({ ...filter, fromBlock, toBlock: safe })) {
      const ended = this.endIn(await receiptOfLog(this.chain, log), nonce)
      if (ended !== undefined) return ended
    }
    return undefined
  }

  // The request's own bytes do not hold its nonce: it is the one under which its signature is the user's.
  private async nonceOf({ signature, ...terms }: Signed, next: bigint): Promise<bigint> {
    for (let nonce = next; nonce >= 0n; nonce--) {
      const message = { ...terms, nonce }
      const typed = { domain: this.relay.domain, types: TYPES, primaryType: 'ForwardRequest', message, signature } as const
      if ((await recoverTypedDataAddress(typed)) === this.address) return nonce
    }
    throw new Error(`the journalled request of ${this.address} has a nonce that the forwarder has not reached`)
  }

  private async nextNonce(at: At = {}): Promise<bigint> {
    return z.bigint().parse(await this.read('nonces', [this.address], at))
  }

  private read(functionName: string, args: unknown[], at: At = {}): Promise<unknown> {
    return this.chain.readContract({ abi: this.abi, address: this.relay.forwarder, functionName, args, ...at })
  }
}
