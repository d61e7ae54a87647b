import { type Address, type Hex, getAddress, parseEventLogs, zeroAddress, zeroHash } from 'viem'
import { z } from 'zod'
import { abiOf } from '../chain/abi.ts'
import type { Chain } from '../chain/client.ts'
import type { ContractName } from '../chain/abi.ts'
import type { Contracts } from './request.ts'

const STATES = ['none', 'created', 'applied', 'submitted', 'completed', 'disputed', 'finalized', 'cancelled'] as const
export type JobState = (typeof STATES)[number]

/** A job on the chain; amounts in base units, times in unix seconds, null for what is not there yet. */
export type Job = {
  jobId: bigint
  state: JobState
  success: boolean
  employer: Address
  agent: Address | null
  reward: bigint
  fee: bigint
  deadline: number
  specHash: Hex
  resultHash: Hex | null
}

/** A round of validation; deadlines are 0 until the committee is chosen, in unix seconds. */
export type Round = {
  startedAt: number
  selectionBlock: number
  commitDeadline: number
  revealDeadline: number
  committee: number
  commits: number
  reveals: number
  approvals: number
  tallied: boolean
  success: boolean
}

/** Who contests an outcome, since when (unix seconds), and whether it was decided. */
export type Dispute = { claimant: Address; raisedAt: number; resolved: boolean }

const Hash = z.string().transform((text) => text as Hex)
const Tuple = z.tuple([z.string(), z.string(), z.bigint(), z.unknown(), z.unknown(), z.unknown(), Hash, Hash, z.bigint()])
const Metadata = z.object({ state: z.number(), success: z.boolean(), feePct: z.number(), deadline: z.bigint() })
const When = z.bigint().transform(Number)
const Count = z.number()
const DisputeTuple = z.tuple([z.string(), When, z.boolean()], z.unknown())
const RoundTuple = z.tuple([When, When, When, When, Count, Count, Count, Count, z.boolean(), z.boolean()], z.unknown())

/** Reads jobs and their rounds. Errors are viem's, when the node cannot be asked. */
export class Jobs {
  constructor(
    private readonly chain: Chain,
    readonly contracts: Contracts,
  ) {}

  /** The answer of one view. Errors: ZodError when it is of another type. */
  async read<T>(schema: z.ZodType<T>, on: ContractName, functionName: string, args: readonly unknown[] = []): Promise<T> {
    const { address, abi } = this.contracts.request(on, functionName)
    return schema.parse(await this.chain.readContract({ address, abi, functionName, args: [...args] }))
  }

  /** The job, or undefined when there is none of this number. */
  async job(jobId: bigint): Promise<Job | undefined> {
    const [employer, agent, reward, , , , resultHash, specHash, packed] = await this.read(Tuple, 'jobRegistry', 'jobs', [jobId])
    const meta = await this.read(Metadata, 'jobRegistry', 'decodeJobMetadata', [packed])
    const state = STATES[meta.state] ?? 'none'
    if (state === 'none') return undefined
    return {
      ...{ jobId, state, success: meta.success, reward, specHash, deadline: Number(meta.deadline) },
      employer: getAddress(employer),
      agent: agent === zeroAddress ? null : getAddress(agent),
      fee: (reward * BigInt(meta.feePct)) / 100n,
      resultHash: resultHash === zeroHash ? null : resultHash,
    }
  }

  async round(jobId: bigint): Promise<Round> {
    const parts = await this.read(RoundTuple, 'validationModule', 'rounds', [jobId])
    const [startedAt, selectionBlock, commitDeadline, revealDeadline, committee, commits, reveals, approvals, tallied, success] = parts
    return { startedAt, selectionBlock, commitDeadline, revealDeadline, committee, commits, reveals, approvals, tallied, success }
  }

  /** The dispute of a job, undefined when nobody has raised one. */
  async dispute(jobId: bigint): Promise<Dispute | undefined> {
    const [claimant, raisedAt, resolved] = await this.read(DisputeTuple, 'disputeModule', 'disputes', [jobId])
    return raisedAt === 0 ? undefined : { claimant: getAddress(claimant), raisedAt, resolved }
  }

  /** A whole number of the contracts, as a number of JavaScript. */
  async number(on: ContractName, functionName: string, args: readonly unknown[] = []): Promise<number> {
    return Number(await this.read(z.union([z.bigint(), z.number()]), on, functionName, args))
  }

  /** Where the result is, as its event told; empty when none was handed in. */
  async resultUri(jobId: bigint): Promise<string> {
    return this.said(jobId, 'ResultSubmitted', 'resultURI')
  }

  /** Where the specification is, as its event told. */
  async specUri(jobId: bigint): Promise<string> {
    return this.said(jobId, 'JobCreated', 'uri')
  }

  private async said(jobId: bigint, eventName: string, field: string): Promise<string> {
    const { deployment } = this.contracts
    const abi = abiOf('jobRegistry')
    const event = abi.find((entry) => entry.type === 'event' && entry.name === eventName)
    if (event?.type !== 'event') throw new Error(`the registry has no event ${eventName}`)
    const range = { fromBlock: BigInt(deployment.deploymentBlock.number), toBlock: 'latest' } as const
    const logs = await this.chain.getLogs({ address: deployment.addresses.jobRegistry, event, args: { jobId }, ...range })
    const [first] = parseEventLogs({ abi, eventName, logs })
    return z.string().catch('').parse((first?.args as unknown as Record<string, unknown> | undefined)?.[field])
  }
}
