import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import {
  type Address,
  type ContractFunctionArgs,
  type Abi,
  BaseError,
  ContractFunctionRevertedError,
  type Hex,
  type TransactionReceipt,
  encodeAbiParameters,
  keccak256,
  maxUint256,
  parseEther,
  parseEventLogs,
  toHex,
  zeroHash,
} from 'viem'
import { z } from 'zod'
import { type ContractName, abiOf, overloadOf } from '../src/chain/abi.ts'
import { type Chain, readChain, signOn } from '../src/chain/client.ts'
import { type LocalChain, readLocalChain } from '../src/chain/config.ts'
import { deploy } from '../src/chain/deploy.ts'
import type { Deployment } from '../src/chain/deployment.ts'
import { faucet } from '../src/chain/faucet.ts'
import { signerFor } from '../src/chain/signer.ts'
import { type Anvil, startAnvil } from './anvil.ts'

/** The repository's own config folder. */
export const CONFIG = fileURLToPath(new URL('../../config', import.meta.url))
export const VALIDATORS = ['validator1', 'validator2', 'validator3'] as const
export const SPEC = keccak256(toHex('spec'))
const DAY = 86_400n

type Args = readonly unknown[]

/** A chain of its own with everything deployed and the users funded, for one test file. */
export class World {
  private constructor(
    readonly anvil: Anvil,
    readonly chain: Chain,
    readonly local: LocalChain,
    readonly deployment: Deployment,
    private readonly accounts: Record<string, Address>,
  ) {}

  static async start(): Promise<World> {
    const anvil = await startAnvil()
    const local = await readLocalChain(CONFIG)
    const out = join(anvil.folder, 'deployment.json')
    const { deployment } = await deploy({ rpc: anvil.url, config: CONFIG, out })
    const accounts: Record<string, Address> = {}
    for (const userId of Object.keys(local.users)) {
      const given = await faucet({ rpc: anvil.url, local, deployment, userId })
      if (given.account !== null) accounts[userId] = given.account.address
    }
    return new World(anvil, readChain(anvil.url), local, deployment, accounts)
  }

  stop(): Promise<void> {
    return this.anvil.stop()
  }

  address(userId: string): Address {
    return signerFor(this.local.mnemonic, userId).address
  }

  /** The smart account of a user. */
  account(userId: string): Address {
    const address = this.accounts[userId]
    if (address === undefined) throw new Error(`${userId} is no local user`)
    return address
  }

  where(name: ContractName): Address {
    const address = this.deployment.addresses[name]
    if (address === undefined) throw new Error(`${name} is not deployed`)
    return address
  }

  read(name: ContractName, functionName: string, args: Args = []): Promise<unknown> {
    return this.chain.readContract(this.request(name, functionName, args))
  }

  async number(name: ContractName, functionName: string, args: Args = []): Promise<bigint> {
    return z.bigint().parse(await this.read(name, functionName, args))
  }

  /** Sends a transaction as a user and waits for its receipt; throws viem's error when it would revert. */
  async as(userId: string, name: ContractName, functionName: string, args: Args = []): Promise<TransactionReceipt> {
    const account = signerFor(this.local.mnemonic, userId)
    const wallet = signOn(this.anvil.url, this.local.chainId, account)
    const hash = await wallet.writeContract(this.request(name, functionName, args))
    return this.chain.waitForTransactionReceipt({ hash })
  }

  /** The name of the custom error, or the text, with which a call of a user would revert. */
  async refusal(userId: string, name: ContractName, functionName: string, args: Args = []): Promise<string> {
    const request = { ...this.request(name, functionName, args), account: this.address(userId) }
    const error = await this.chain.simulateContract(request).then(() => undefined, (reason: unknown) => reason)
    const revert = error instanceof BaseError && error.walk((e) => e instanceof ContractFunctionRevertedError)
    if (!(revert instanceof ContractFunctionRevertedError)) throw new Error(`no revert but ${String(error)}`)
    return revert.data?.errorName === 'Error' ? (revert.reason ?? '') : (revert.data?.errorName ?? revert.signature ?? '')
  }

  balance(who: Address): Promise<bigint> {
    return this.number('token', 'balanceOf', [who])
  }

  async now(): Promise<bigint> {
    return (await this.chain.getBlock()).timestamp
  }

  /** Moves the chain's clock ahead and mines a block there. */
  async pass(seconds: number | bigint): Promise<void> {
    const rpc = this.chain.request as (call: { method: string; params: unknown[] }) => Promise<unknown>
    await rpc({ method: 'evm_increaseTime', params: [toHex(seconds)] })
    await rpc({ method: 'evm_mine', params: [] })
  }

  async state(jobId: bigint): Promise<{ state: number; success: boolean }> {
    const job = z.array(z.unknown()).parse(await this.read('jobRegistry', 'jobs', [jobId]))
    const meta = await this.read('jobRegistry', 'decodeJobMetadata', [job[8]])
    return z.object({ state: z.number(), success: z.boolean() }).parse(meta)
  }

  /** The operator's job of some reward in tokens; returns its id. */
  async create(reward = '100', days = 1n): Promise<bigint> {
    await this.as('operator', 'token', 'approve', [this.where('stakeManager'), maxUint256])
    const deadline = (await this.now()) + days * DAY
    const receipt = await this.as('operator', 'jobRegistry', 'createJob', [parseEther(reward), deadline, SPEC, 'ipfs://spec'])
    const [event] = parseEventLogs({ abi: abiOf('jobRegistry'), logs: receipt.logs, eventName: 'JobCreated' })
    return z.object({ jobId: z.bigint() }).parse(event?.args).jobId
  }

  async stake(userId: string, role: number, tokens: string): Promise<void> {
    await this.as(userId, 'token', 'approve', [this.where('stakeManager'), maxUint256])
    await this.as(userId, 'stakeManager', 'depositStake', [role, parseEther(tokens)])
  }

  async stakeAll(): Promise<void> {
    await this.stake('agent', 0, '100')
    for (const validator of VALIDATORS) await this.stake(validator, 1, '10')
  }

  async apply(jobId: bigint): Promise<void> {
    await this.as('agent', 'jobRegistry', 'applyForJob', [jobId, 'alice', []])
  }

  async submit(jobId: bigint): Promise<void> {
    await this.as('agent', 'jobRegistry', 'submit', [jobId, keccak256(toHex('result')), 'ipfs://result', 'alice', []])
  }

  /** A job with its result handed in and the committee chosen. */
  async submitted(reward = '100'): Promise<bigint> {
    const jobId = await this.create(reward)
    await this.apply(jobId)
    await this.submit(jobId)
    await this.pass(1)
    await this.pass(1)
    await this.as('viewer', 'validationModule', 'selectValidators', [jobId, 7n])
    return jobId
  }

  /** The arguments of a commitment and its reveal, hashed as domain.md 6.5 says. */
  async commitment(userId: string, jobId: bigint, approve: boolean, salt: Hex): Promise<Hex> {
    const nonce = await this.number('validationModule', 'jobNonce', [jobId])
    const domain = z.string().parse(await this.read('validationModule', 'DOMAIN_SEPARATOR')) as Hex
    const vote = words(['uint256', 'bytes32', 'bool', 'bytes32'], [nonce, SPEC, approve, zeroHash])
    const types = ['uint256', 'bytes32', 'bytes32', 'address', 'uint256', 'bytes32']
    return words(types, [jobId, vote, salt, this.address(userId), BigInt(this.local.chainId), domain])
  }

  /** Commits and reveals these votes, then counts them; a vote that is absent was never revealed. */
  async vote(jobId: bigint, votes: Partial<Record<(typeof VALIDATORS)[number], boolean>>): Promise<void> {
    for (const [userId, approve] of Object.entries(votes)) {
      const hash = await this.commitment(userId, jobId, approve, SPEC)
      await this.as(userId, 'validationModule', 'commitValidation', [jobId, hash, userId, []])
    }
    await this.pass(this.local.commitWindow + 1)
    for (const [userId, approve] of Object.entries(votes)) {
      await this.as(userId, 'validationModule', 'revealValidation', [jobId, approve, zeroHash, SPEC, userId, []])
    }
  }

  // A whole signature names one of several overloads.
  private request(name: ContractName, called: string, args: Args) {
    const abi: Abi = called.includes('(') ? overloadOf(name, called) : abiOf(name)
    const functionName = called.replace(/\(.*/, '')
    return { abi, address: this.where(name), functionName, args: args as ContractFunctionArgs }
  }
}

function words(types: string[], values: unknown[]): Hex {
  return keccak256(encodeAbiParameters(types.map((type) => ({ type })), values))
}
