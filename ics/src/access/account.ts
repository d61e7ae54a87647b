import { type Address, type Hex, type TransactionReceipt, encodeFunctionData, parseTransaction } from 'viem'
import type { HDAccount, LocalAccount } from 'viem/accounts'
import { abiOf, accountAbi } from '../chain/abi.ts'
import { ACCOUNT_SALT } from '../chain/account.ts'
import type { Chain } from '../chain/client.ts'
import { Rejected } from '../errors.ts'
import type { TxRow } from '../journal/txes.ts'
import type { Failure } from '../status.ts'
import type { Actor, Caller, Envelope, Fate } from './actor.ts'
import type { Bundler } from './bundler.ts'
import type { Ended } from './ends.ts'
import type { EntryPoint } from './entrypoint.ts'
import { bytesGas, carriedGas, feesAt, gasFor } from './gas.ts'
import { type Operation, bundleOf, limitOf, operationIn } from './operation.ts'
import { type Request, dataOf } from './request.ts'

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
const OTHER_BUNDLER: Failure = {
  code: 'TXMODE_UNSUPPORTED',
  message: 'The configured bundler does not serve the entry point of this chain.',
  fix: 'Set AA_BUNDLER_RPC_URL to a bundler of this chain, or use txMode direct.',
}

/** What carries the operations of a chain: its entry point and factory, and the bundler, else the sponsor. */
export type Bundling = { entryPoint: EntryPoint; factory: Address; sponsor: LocalAccount; bundler: Bundler | undefined }

/**
 * `txMode` aa: the actor is the user's smart account (ERC-4337), which his key owns and which its first operation
 * creates. A bundler takes the operation where one is configured; else the sponsor hands it to the entry point. Either
 * gets the gas back from the account. What makes its effect happen at most once is the operation's nonce in the entry
 * point.
 */
export class SmartAccount implements Actor {
  readonly mode = 'aa'
  readonly caller: Caller
  readonly payer: LocalAccount

  constructor(
    private readonly chain: Chain,
    private readonly bundling: Bundling,
    readonly key: HDAccount,
    readonly address: Address,
  ) {
    this.caller = { account: address }
    this.payer = bundling.sponsor
  }

  async admit(): Promise<void> {
    const { bundler } = this.bundling
    if (bundler !== undefined && !(await bundler.serves())) throw new Rejected(OTHER_BUNDLER)
  }

  async carry(request: Request): Promise<Envelope> {
    // Asked right before: an operation that nobody takes would stay open for good, as it never expires.
    await this.admit()
    const { entryPoint, bundler } = this.bundling
    const plain = await this.operation(request)
    const operation = bundler === undefined ? plain : await bundler.priced(plain)
    await this.checkPurse(operation)
    const hash = entryPoint.hashOf(operation)
    const data = bundleOf({ ...operation, signature: await this.key.sign({ hash }) }, this.payer.address)
    const envelope = { to: entryPoint.address, data, gas: carriedGas(limitOf(operation), data) }
    return bundler === undefined ? envelope : { ...envelope, operation: { hash, sender: this.address, nonce: Number(operation.nonce) } }
  }

  async fate({ raw }: TxRow, mined: TransactionReceipt | null, safe: bigint): Promise<Fate | 'open'> {
    const { entryPoint } = this.bundling
    const { data = '0x' } = parseTransaction(raw)
    const operation = operationIn(data)
    const hash = entryPoint.hashOf(operation)
    const ours = entryPoint.endIn(mined, hash)
    if (ours !== undefined) return this.judged(ours)
    if (!(await entryPoint.hasUsed(operation, safe))) return 'open'
    const ended = await entryPoint.endOf(hash, safe)
    return ended === undefined ? { error: NONCE_TAKEN } : this.judged(ended)
  }

  private judged(ended: Ended): Fate {
    const { entryPoint } = this.bundling
    const receipt = entryPoint.partOf(ended)
    return ended.success ? { receipt } : { receipt, error: entryPoint.reasonOf(ended) }
  }

  private async operation(request: Request): Promise<Operation> {
    const call = { abi: accountAbi(), functionName: 'execute', args: [request.to, 0n, dataOf(request)] }
    const callData = encodeFunctionData(call)
    const nonce = await this.bundling.entryPoint.nextNonce(this.address)
    const [fees, gas] = [await feesAt(this.chain), await gasFor(this.chain, this.caller, request)]
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
    const deposit = await this.bundling.entryPoint.depositOf(this.address)
    const held = deposit + (await this.chain.getBalance({ address: this.address }))
    if (held < limitOf(operation) * operation.maxFeePerGas) throw new Rejected(NO_DEPOSIT)
  }
}
