import { type Hex, size } from 'viem'
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

/** The most that the bytes of a transaction cost: 40 gas each, the floor of EIP-7623 for bytes that are not zero. */
export function bytesGas(data: Hex): bigint {
  return 40n * BigInt(size(data))
}

/**
 * The gas limit of a transaction that carries a call with this one. It is not estimated: the node would have to be
 * shown what the user signed before it is journalled.
 */
export function carriedGas(inner: bigint, data: Hex): bigint {
  // A call hands on at most 63 of 64 parts of what is left.
  return (inner * 64n) / 63n + bytesGas(data) + 150_000n
}
