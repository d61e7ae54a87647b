import type { Chain } from '../chain/client.ts'
import { Rejected, UNKNOWN_REVERT } from '../errors.ts'
import type { Cost } from '../status.ts'
import type { Caller } from './actor.ts'
import { feesAt } from './gas.ts'
import type { Request } from './request.ts'
import { refusalOf } from './revert.ts'

/** What calls would do: cost of all, gas of the first, and what each returned. */
export type Simulated = { cost: Cost; gasFirst: string; results: unknown[] }

/** A block that calls are simulated on top of. */
export type Head = { number: bigint; timestamp: bigint }

/**
 * Runs calls of one caller in order on top of a block, by default the latest; each sees what the ones before it did, and nothing
 * is sent.
 *
 * @throws Rejected with the decoded reason when one would revert; viem's errors when the node cannot be asked
 */
export async function simulate(chain: Chain, caller: Caller, requests: Request[], on?: Head): Promise<Simulated> {
  const head = on ?? (await chain.getBlock())
  const calls = requests.map(({ to, abi, functionName, args }) => ({ to, abi, functionName, args, ...caller }))
  // The next block's time, said explicitly: nodes differ in what they take by default.
  const blockOverrides = { time: head.timestamp + 1n }
  const [block] = await chain.simulateBlocks({ blockNumber: head.number, blocks: [{ calls, blockOverrides }] })
  const answers = (block?.calls ?? []) as { status: string; gasUsed: bigint; result?: unknown; error?: Error }[]
  for (const { status, error } of answers) {
    if (status !== 'success') throw new Rejected(refusalOf(error) ?? UNKNOWN_REVERT)
  }
  const gas = answers.reduce((sum, { gasUsed }) => sum + gasUsed, 0n)
  const { maxFeePerGas } = await feesAt(chain)
  return {
    cost: { gas: gas.toString(), feeWei: (gas * maxFeePerGas).toString() },
    gasFirst: (answers[0]?.gasUsed ?? 0n).toString(),
    results: answers.map(({ result }) => result),
  }
}
