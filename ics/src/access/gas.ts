import type { Chain } from '../chain/client.ts'
import { Rejected } from '../errors.ts'
import type { Caller } from './actor.ts'
import type { Request } from './request.ts'
import { refusalOf } from './revert.ts'

/** What a transaction offers for a unit of gas, in wei: enough for a base fee that doubles. */
export async function feesAt(chain: Chain): Promise<{ maxFeePerGas: bigint; maxPriorityFeePerGas: bigint }> {
  const { maxFeePerGas, maxPriorityFeePerGas } = await chain.estimateFeesPerGas()
  return { maxFeePerGas: maxFeePerGas + maxPriorityFeePerGas, maxPriorityFeePerGas }
}

/**
 * The gas limit of a call as this caller would make it.
 *
 * @throws Rejected with the decoded reason when it would revert; viem's errors when the node cannot be asked
 */
export async function gasFor(chain: Chain, caller: Caller, request: Request): Promise<bigint> {
  try {
    const { abi, address, functionName, args } = request
    const estimate = await chain.estimateContractGas({ abi, address, functionName, args: [...args], ...caller })
    // State may differ a little when it is mined: cold slots, one more loop.
    return (estimate * 13n) / 10n
  } catch (error) {
    const failure = refusalOf(error)
    throw failure === undefined ? error : new Rejected(failure)
  }
}
