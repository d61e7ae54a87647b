import type { Address, Hex, TransactionReceipt } from 'viem'
import { getUserOperationHash } from 'viem/account-abstraction'
import { z } from 'zod'
import { abiOf } from '../chain/abi.ts'
import type { Chain } from '../chain/client.ts'
import type { Deployment } from '../chain/deployment.ts'
import { UNKNOWN_REVERT } from '../errors.ts'
import type { Failure } from '../status.ts'
import { type Ended, endOf, partOf, receiptOfLog } from './ends.ts'
import { type Operation, VERSION } from './operation.ts'
import { failureOfData } from './revert.ts'

const Reason = z.object({ revertReason: z.custom<Hex>((text) => typeof text === 'string') })
const Spent = z.object({ actualGasCost: z.bigint(), actualGasUsed: z.bigint() })

/** The entry point (0.8) of a chain: the one place where an operation takes effect, at most once. */
export class EntryPoint {
  private readonly abi = abiOf('entryPoint')

  /** @param since the block from which on its events are looked for */
  constructor(
    private readonly chain: Chain,
    readonly address: Address,
    readonly chainId: number,
    private readonly since: bigint,
  ) {}

  /** The one of a deployment; undefined on a chain without. */
  static of(chain: Chain, { addresses: { entryPoint }, chainId, deploymentBlock }: Deployment): EntryPoint | undefined {
    return entryPoint && new EntryPoint(chain, entryPoint, chainId, BigInt(deploymentBlock.number))
  }

  hashOf(userOperation: Operation): Hex {
    const { chainId, address: entryPointAddress } = this
    return getUserOperationHash({ chainId, entryPointAddress, entryPointVersion: VERSION, userOperation })
  }

  /** The nonce of the account's next operation, now. */
  async nextNonce(account: Address): Promise<bigint> {
    return z.bigint().parse(await this.read('getNonce', [account, 0n]))
  }

  /** Whether some operation of this account had this nonce by the end of a block. */
  async hasUsed({ sender, nonce }: Operation, block: bigint): Promise<boolean> {
    if (block < this.since) return false
    return z.bigint().parse(await this.read('getNonce', [sender, 0n], { blockNumber: block })) > nonce
  }

  /** Wei that an account has laid up for gas. */
  async depositOf(account: Address): Promise<bigint> {
    return z.bigint().parse(await this.read('balanceOf', [account]))
  }

  /** Where an operation ended in this transaction; undefined when it is not in it. */
  endIn(mined: TransactionReceipt | null, hash: Hex): Ended | undefined {
    return mined === null ? undefined : endOf(mined, this.ends(), ({ userOpHash }) => userOpHash === hash)
  }

  /** Where an operation ended in whosoever's transaction, up to a block or now. Anybody may bundle what he has seen. */
  async endOf(userOpHash: Hex, toBlock?: bigint): Promise<Ended | undefined> {
    const filter = { ...this.ends(), args: { userOpHash }, fromBlock: this.since, ...(toBlock !== undefined && { toBlock }) }
    const [log] = await this.chain.getContractEvents(filter)
    return log === undefined ? undefined : this.endIn(await receiptOfLog(this.chain, log), userOpHash)
  }

  /** The operation's part of its transaction: its own logs, and the gas that its account paid for. */
  partOf(ended: Ended): TransactionReceipt {
    const { actualGasCost, actualGasUsed } = Spent.parse(ended.args)
    return { ...partOf(ended), gasUsed: actualGasUsed, effectiveGasPrice: actualGasCost / actualGasUsed }
  }

  /** Why the call failed: the entry point tells its return data; an operation that ran out of gas has none. */
  reasonOf(ended: Ended): Failure {
    const { userOpHash: own } = ended.args
    const told = endOf(partOf(ended), this.event('UserOperationRevertReason'), ({ userOpHash }) => userOpHash === own)
    return told === undefined ? UNKNOWN_REVERT : failureOfData(Reason.parse(told.args).revertReason)
  }

  private ends() {
    return { ...this.event('UserOperationEvent'), begin: 'BeforeExecution' }
  }

  private event(eventName: string) {
    return { abi: this.abi, address: this.address, eventName }
  }

  private read(functionName: string, args: unknown[], at: { blockNumber?: bigint } = {}): Promise<unknown> {
    return this.chain.readContract({ abi: this.abi, address: this.address, functionName, args, ...at })
  }
}
