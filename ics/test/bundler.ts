import { once } from 'node:events'
import { type IncomingMessage, type Server, createServer } from 'node:http'
import type { AddressInfo } from 'node:net'
import { type Address, BaseError, type Hex, hexToBigInt, numberToHex } from 'viem'
import {
  type RpcUserOperation,
  type UserOperation,
  formatUserOperation,
  getUserOperationHash,
  toPackedUserOperation,
} from 'viem/account-abstraction'
import type { LocalAccount } from 'viem/accounts'
import { abiOf } from '../src/chain/abi.ts'
import { type Signer, signOn } from '../src/chain/client.ts'
import { faucetAccount } from '../src/chain/signer.ts'
import type { World } from './world.ts'

type Operation = UserOperation<'0.8'>
/** `swallow` says that it took an operation and forgets it; `refuse` answers an error. */
type Manner = 'bundle' | 'swallow' | 'refuse'
type Answer = { result: unknown } | { error: { code: number; message: string } }

const OWN_LIMIT = 3_000_000n

/** A small honest bundler (ERC-7769) with an account of its own, whose manners a test may spoil. */
export class TestBundler {
  manner: Manner = 'bundle'
  /** How many operations it waits for before it makes a bundle of them. */
  size = 1
  chainId: number
  /** Times our own figure, for what it asks to be paid for beforehand. */
  dearness = 1n
  /** Every method that it was asked, and every operation that it was handed, in order. */
  readonly asked: string[] = []
  readonly handed: RpcUserOperation<'0.8'>[] = []
  /** The transactions that it sent. */
  readonly sent: Hex[] = []
  private waiting = new Map<Hex, Operation>()
  private bundled: Promise<unknown> = Promise.resolve()
  private readonly signer: Signer

  private constructor(
    private readonly world: World,
    private readonly server: Server,
    readonly account: LocalAccount,
  ) {
    this.chainId = world.local.chainId
    this.signer = signOn(world.anvil.url, world.local.chainId, account) as Signer
  }

  static async start(world: World): Promise<TestBundler> {
    const server = createServer()
    const bundler = new TestBundler(world, server, faucetAccount(world.local.mnemonic))
    server.on('request', (request, response) => {
      void bundler.answer(request).then((text) => response.setHeader('content-type', 'application/json').end(text))
    })
    await once(server.listen(0, '127.0.0.1'), 'listening')
    return bundler
  }

  get url(): string {
    return `http://127.0.0.1:${(this.server.address() as AddressInfo).port}`
  }

  stop(): void {
    this.server.closeAllConnections()
    this.server.close()
  }

  /** An honest one again that has forgotten everything. */
  reset(): void {
    Object.assign(this, { manner: 'bundle', size: 1, chainId: this.world.local.chainId, dearness: 1n, waiting: new Map() })
    for (const list of [this.asked, this.handed, this.sent]) list.length = 0
  }

  /** Puts operations into one transaction of somebody and waits for it. */
  async carry(operations: Operation[], by: Signer = this.signer): Promise<Hex> {
    const hash = await by.writeContract({ ...this.handleOps(operations, this.account.address), gas: OWN_LIMIT })
    await this.world.chain.waitForTransactionReceipt({ hash })
    return hash
  }

  private async answer(request: IncomingMessage): Promise<string> {
    const parts: Buffer[] = []
    for await (const part of request) parts.push(part as Buffer)
    const { id, method, params = [] } = JSON.parse(Buffer.concat(parts).toString()) as { id: number; method: string; params?: unknown[] }
    this.asked.push(method)
    const answer = await this.does(method, params).catch((error: unknown) => wrong(-32603, String(error)))
    return JSON.stringify({ jsonrpc: '2.0', id, ...answer })
  }

  private async does(method: string, [operation]: unknown[]): Promise<Answer> {
    if (method === 'eth_chainId') return { result: numberToHex(this.chainId) }
    if (method === 'eth_supportedEntryPoints') return { result: [this.world.where('entryPoint')] }
    if (method === 'eth_estimateUserOperationGas') return this.estimate(operation as RpcUserOperation<'0.8'>)
    if (method === 'eth_sendUserOperation') return this.take(operation as RpcUserOperation<'0.8'>)
    return wrong(-32601, `no method ${method}`)
  }

  // The account must be able to check the signature, and must not find it good.
  private async estimate(told: RpcUserOperation<'0.8'>): Promise<Answer> {
    const reason = await this.refusal(formatUserOperation(told) as Operation)
    if (!reason?.includes('AA24 signature error')) return wrong(-32500, reason ?? 'the signature is real')
    const { preVerificationGas, verificationGasLimit, callGasLimit } = told
    const wanted = numberToHex(hexToBigInt(preVerificationGas) * this.dearness)
    return { result: { preVerificationGas: wanted, verificationGasLimit, callGasLimit } }
  }

  private async take(told: RpcUserOperation<'0.8'>): Promise<Answer> {
    this.handed.push(told)
    const operation = formatUserOperation(told) as Operation
    const hash = this.hashOf(operation)
    if (this.manner === 'refuse') return wrong(-32500, 'AA not today')
    if (this.manner === 'swallow' || this.waiting.has(hash)) return { result: hash }
    const reason = await this.refusal(operation)
    if (reason !== undefined) return wrong(-32500, reason)
    this.waiting.set(hash, operation)
    if (this.waiting.size >= this.size) await this.bundle()
    return { result: hash }
  }

  private async bundle(): Promise<void> {
    const operations = [...this.waiting.values()]
    this.waiting = new Map()
    // One after the other: its account's nonces must follow each other.
    this.bundled = this.bundled.then(async () => this.sent.push(await this.carry(operations)))
    await this.bundled
  }

  private async refusal(operation: Operation): Promise<string | undefined> {
    const call = { ...this.handleOps([operation], this.account.address), account: this.account, gas: OWN_LIMIT }
    const error = await this.world.chain.simulateContract(call).then(() => undefined, (reason: unknown) => reason)
    return error instanceof BaseError ? error.message : undefined
  }

  private handleOps(operations: Operation[], beneficiary: Address) {
    const args = [operations.map((operation) => toPackedUserOperation(operation)), beneficiary]
    return { abi: abiOf('entryPoint'), address: this.world.where('entryPoint'), functionName: 'handleOps', args }
  }

  private hashOf(userOperation: Operation): Hex {
    const entryPointAddress = this.world.where('entryPoint')
    return getUserOperationHash({ chainId: this.world.local.chainId, entryPointAddress, entryPointVersion: '0.8', userOperation })
  }
}

function wrong(code: number, message: string): Answer {
  return { error: { code, message } }
}
