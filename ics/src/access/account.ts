import { type Address, type Hex, type TransactionReceipt, decodeFunctionData, encodeFunctionData, parseTransaction } from 'viem'
import { type UserOperation, getUserOperationHash, toPackedUserOperation } from 'viem/account-abstraction'
import type { HDAccount, LocalAccount } from 'viem/accounts'
import { z } from 'zod'
import { abiOf, accountAbi } from '../chain/abi.ts'
import { ACCOUNT_SALT } from '../chain/account.ts'
import type { Chain } from '../chain/client.ts'
import { Rejected, UNKNOWN_REVERT } from '../errors.ts'
import type { TxRow } from '../journal/txes.ts'
import type { Failure } from '../status.ts'
import type { Actor, Caller, Envelope, Fate } from './actor.ts'
import { type Ended, endOf, partOf, receiptOfLog } from './ends.ts'
import { bytesGas, carriedGas, feesAt, gasFor } from './gas.ts'
import { type Request, dataOf } from './request.ts'
import { failureOfData } from './revert.ts'

const VERSION = '0.8'
// Gas of the account's own work; what is not used is not paid, only kept ready.
const CHECKING = 150_000n
const CREATING = 400_000n
const EXECUTING = 30_000n
const BUNDLING = 60_000n

const NONCE_TAKEN: Failure = {
  code: 'NONCE_TAKEN',
  message: "Another operation of this account took this one's place.",
  fix: 'Use the account through OneBox alone, then plan again.',
}
const NO_DEPOSIT: Failure = {
  code: 'INSUFFICIENT_BALANCE',
  message: 'The smart account has not enough ETH to pay for gas.',
  fix: 'Send ETH to the smart account.',
}

const bytes = z.custom<Hex>((text) => typeof text === 'string')
const Packed = z.object({
  ...{ sender: bytes, nonce: z.bigint(), initCode: bytes, callData: bytes, accountGasLimits: bytes },
  ...{ preVerificationGas: z.bigint(), gasFees: bytes, paymasterAndData: bytes, signature: bytes },
})
type Packed = z.infer<typeof Packed>
const Bundle = z.object({ args: z.tuple([z.tuple([Packed]), z.string()]) })
type Operation = UserOperation<typeof VERSION>

/** The entry point (0.8) and factory of a chain, who bundles, and since which block they are there. */
export type Bundling = { chainId: number; entryPoint: Address; factory: Address; sponsor: LocalAccount; since: bigint }

/**
 * `txMode` aa: the actor is the user's smart account (ERC-4337), which his key owns and which its first operation
 * creates. The sponsor hands the operation to the entry point and gets the gas back from the account. What makes its
 * effect happen at most once is the operation's nonce in the entry point.
 */
export class SmartAccount implements Actor {
  readonly mode = 'aa'
  readonly caller: Caller
  readonly payer: LocalAccount
  private readonly abi = abiOf('entryPoint')

  constructor(
    private readonly chain: Chain,
    private readonly bundling: Bundling,
    readonly key: HDAccount,
    readonly address: Address,
  ) {
    this.caller = { account: address }
    this.payer = bundling.sponsor
  }

  async carry(request: Request): Promise<Envelope> {
    const operation = await this.operation(request)
    await this.checkPurse(operation)
    const signature = await this.key.sign({ hash: this.hashOf(operation) })
    const args = [[toPackedUserOperation({ ...operation, signature })], this.payer.address]
    const data = encodeFunctionData({ abi: this.abi, functionName: 'handleOps', args })
    return { to: this.bundling.entryPoint, data, gas: carriedGas(limitOf(operation), data) }
  }

  async fate({ raw }: TxRow, mined: TransactionReceipt | null): Promise<Fate | 'open'> {
    const { data = '0x' } = parseTransaction(raw)
    const [[packed]] = Bundle.parse(decodeFunctionData({ abi: this.abi, data })).args
    const hash = this.hashOf(unpacked(packed))
    const ended = this.endIn(mined, hash) ?? (await this.endElsewhere(hash))
    if (ended !== undefined) return this.judged(ended, hash)
    return (await this.nextNonce()) > packed.nonce ? { error: NONCE_TAKEN } : 'open'
  }

  private async operation(request: Request): Promise<Operation> {
    const call = { abi: accountAbi(), functionName: 'execute', args: [request.to, 0n, dataOf(request)] }
    const callData = encodeFunctionData(call)
    const [nonce, fees, gas] = [await this.nextNonce(), await feesAt(this.chain), await gasFor(this.chain, this.caller, request)]
    const birth = await this.birth()
    const limits = { callGasLimit: gas + EXECUTING, verificationGasLimit: birth === undefined ? CHECKING : CREATING }
    return { sender: this.address, nonce, callData, ...birth, ...limits, preVerificationGas: BUNDLING + bytesGas(callData), ...fees, signature: '0x' }
  }

  private async birth(): Promise<{ factory: Address; factoryData: Hex } | undefined> {
    if ((await this.chain.getCode({ address: this.address })) !== undefined) return undefined
    const call = { abi: abiOf('accountFactory'), functionName: 'createAccount', args: [this.key.address, ACCOUNT_SALT] }
    return { factory: this.bundling.factory, factoryData: encodeFunctionData(call) }
  }

  private async checkPurse(operation: Operation): Promise<void> {
    const deposit = z.bigint().parse(await this.read('balanceOf', [this.address]))
    const held = deposit + (await this.chain.getBalance({ address: this.address }))
    if (held < limitOf(operation) * operation.maxFeePerGas) throw new Rejected(NO_DEPOSIT)
  }

  private hashOf(userOperation: Operation): Hex {
    const { chainId, entryPoint } = this.bundling
    return getUserOperationHash({ chainId, entryPointAddress: entryPoint, entryPointVersion: VERSION, userOperation })
  }

  // The entry point tells the call's own return data; an operation that ran out of gas has none.
  private judged(ended: Ended, hash: Hex): Fate {
    const receipt = partOf(ended)
    if (ended.success) return { receipt }
    const told = endOf(receipt, this.event('UserOperationRevertReason'), ({ userOpHash }) => userOpHash === hash)
    return { error: told === undefined ? UNKNOWN_REVERT : failureOfData(bytes.parse(told.args['revertReason'])) }
  }

  private endIn(mined: TransactionReceipt | null, hash: Hex): Ended | undefined {
    return mined === null ? undefined : endOf(mined, this.event('UserOperationEvent'), ({ userOpHash }) => userOpHash === hash)
  }

  // Anybody may bundle an operation that he has seen: then the effect is in a transaction that is not ours.
  private async endElsewhere(userOpHash: Hex): Promise<Ended | undefined> {
    const filter = { ...this.event('UserOperationEvent'), args: { userOpHash }, fromBlock: this.bundling.since }
    const [log] = await this.chain.getContractEvents(filter)
    return log === undefined ? undefined : this.endIn(await receiptOfLog(this.chain, log), userOpHash)
  }

  private event(eventName: string) {
    return { abi: this.abi, address: this.bundling.entryPoint, eventName }
  }

  private async nextNonce(): Promise<bigint> {
    return z.bigint().parse(await this.read('getNonce', [this.address, 0n]))
  }

  private read(functionName: string, args: unknown[]): Promise<unknown> {
    return this.chain.readContract({ abi: this.abi, address: this.bundling.entryPoint, functionName, args })
  }
}

/** All the gas that an operation may use, and that its account must be able to pay. */
function limitOf({ callGasLimit, verificationGasLimit, preVerificationGas }: Operation): bigint {
  return callGasLimit + verificationGasLimit + preVerificationGas
}

function unpacked({ initCode, accountGasLimits, gasFees, ...rest }: Packed): Operation {
  const halves = (word: Hex) => [BigInt(word.slice(0, 34)), BigInt(`0x${word.slice(34)}`)] as [bigint, bigint]
  const [verificationGasLimit, callGasLimit] = halves(accountGasLimits)
  const [maxPriorityFeePerGas, maxFeePerGas] = halves(gasFees)
  const birth = initCode === '0x' ? {} : { factory: initCode.slice(0, 42) as Hex, factoryData: `0x${initCode.slice(42)}` as Hex }
  const { sender, nonce, callData, preVerificationGas, signature } = rest
  const gas = { verificationGasLimit, callGasLimit, preVerificationGas, maxPriorityFeePerGas, maxFeePerGas }
  return { sender, nonce, callData, ...birth, ...gas, signature }
}
