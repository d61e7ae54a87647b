import type { Log } from 'viem'
import type { Chain } from '../chain/client.ts'
import { Rejected, UNKNOWN_REVERT } from '../errors.ts'
import type { Cost } from '../status.ts'
import type { Caller } from './actor.ts'
import { feesAt } from './gas.ts'
import type { Request } from './request.ts'
import { refusalOf } from './revert.ts'

/** A call and whose it is. */
export type Deed = { caller: Caller; request: Request }

/** A block that calls are simulated on top of. */
export type Head = { number: bigint; timestamp: bigint }

/** What calls would do: cost of all, gas of the first, the events of all, and the calls themselves. */
export type Simulated = { cost: Cost; gasFirst: string; logs: Log[]; deeds: Deed[] }

/**
 * Runs calls of one caller in order on top of a block, by default the latest; each sees what the ones before it did, and nothing
 * is sent.
 *
 * @param before calls that nobody has sent either, and that came before these
 * @throws Rejected with the decoded reason when one would revert; viem's errors when the node cannot be asked
 */
export async function simulate(
  chain: Chain,
  caller: Caller,
  requests: Request[],
  on?: Head,
  before: readonly Deed[] = [],
): Promise<Simulated> {
  const deeds = requests.map((request) => ({ caller, request }))
  const answers = (await attempt(chain, on ?? (await chain.getBlock()), [...before, ...deeds])).slice(before.length)
  for (const { status, error } of answers) {
    if (status !== 'success') throw new Rejected(refusalOf(error) ?? UNKNOWN_REVERT)
  }
  const gas = answers.reduce((sum, { gasUsed }) => sum + gasUsed, 0n)
  const { maxFeePerGas } = await feesAt(chain)
  return {
    cost: { gas: gas.toString(), feeWei: (gas * maxFeePerGas).toString() },
    gasFirst: (answers[0]?.gasUsed ?? 0n).toString(),
    logs: answers.flatMap(({ logs }) => logs ?? []),
    deeds,
  }
}

/** What one simulated call came to. */
export type Attempt = { status: string; gasUsed: bigint; result?: unknown; error?: Error; logs?: Log[] }

/** Runs deeds as the next block would on top of this one, in order. Errors: viem's, when the node cannot be asked. */
export async function attempt(chain: Chain, head: Head, deeds: readonly Deed[]): Promise<Attempt[]> {
  const calls = deeds.map(({ caller, request: { to, abi, functionName, args } }) => ({ to, abi, functionName, args, ...caller }))
  // The next block's time, said explicitly: nodes differ in what they take by default.
  const blockOverrides = { time: head.timestamp + 1n }
  const [block] = await chain.simulateBlocks({ blockNumber: head.number, blocks: [{ calls, blockOverrides }] })
  return (block?.calls ?? []) as Attempt[]
}
