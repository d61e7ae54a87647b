import { type Abi, type AbiEvent, type Address, type Hex, type Log, encodeEventTopics, isAddressEqual, zeroAddress } from 'viem'
import type { Chain } from '../chain/client.ts'
import type { Request } from './request.ts'
import { type Deed, attempt } from './simulate.ts'

const latest = (chain: Chain) => chain.getBlock()
type Block = Awaited<ReturnType<typeof latest>>
type Asked = { address: Address; event: AbiEvent; args?: Record<string, unknown>; fromBlock?: bigint }

/**
 * The chain as it would be: one block, which never changes under it, and calls on top that nobody has sent. Views, events and the
 * block itself, asked for through its chain, are those of that state; no other question of a reading client is.
 */
export class Rehearsal {
  /** A reading client; what it is asked about another block, it answers of this one. */
  readonly chain: Chain

  /**
   * @param before the calls on top, in order
   * @param pinned the block; the latest when it is first needed, if none is given
   */
  constructor(
    private readonly real: Chain,
    readonly before: readonly Deed[] = [],
    private pinned?: Promise<Block>,
  ) {
    const getBlock = () => this.head()
    const readContract = (request: Request) => this.read(request)
    const getLogs = (asked: Asked) => this.logs(asked)
    this.chain = { ...real, getBlock, readContract, getLogs } as unknown as Chain
  }

  /** The state after these calls too, on the same block. */
  after(deeds: readonly Deed[]): Rehearsal {
    return new Rehearsal(this.real, [...this.before, ...deeds], this.pinned)
  }

  private head(): Promise<Block> {
    return (this.pinned ??= latest(this.real))
  }

  private async read(request: Request): Promise<unknown> {
    const head = await this.head()
    if (this.before.length === 0) return this.real.readContract({ ...request, blockNumber: head.number })
    const view = { caller: { account: zeroAddress }, request: { ...request, to: request.address } }
    const answer = (await attempt(this.real, head, [...this.before, view])).at(-1)
    if (answer?.status === 'success') return answer.result
    throw answer?.error ?? new Error(`${request.functionName} gave no answer`)
  }

  // A node knows only what was mined: the events of the calls on top are added.
  private async logs({ address, event, args = {}, fromBlock = 0n }: Asked): Promise<Log[]> {
    const head = await this.head()
    const mined = await this.real.getLogs({ address, event, args, fromBlock, toBlock: head.number })
    if (this.before.length === 0) return mined
    const topics = encodeEventTopics({ abi: [event] as Abi, eventName: event.name, args })
    const foretold = (await attempt(this.real, head, this.before)).flatMap(({ logs }) => logs ?? [])
    return [...mined, ...foretold.filter((log) => isAddressEqual(log.address, address) && matches(log.topics, topics))]
  }
}

// An absent topic of the question stands for any.
function matches(found: readonly Hex[], asked: readonly (Hex | Hex[] | null)[]): boolean {
  return asked.every((topic, index) => topic === null || topic === undefined || topic === found[index])
}
