import type { Address } from 'viem'
import { z } from 'zod'
import { abiOf } from './abi.ts'
import type { Chain } from './client.ts'

/** Of the one account that a user has under a factory. */
export const ACCOUNT_SALT = 0n

const Where = z.string().transform((text) => text as Address)

/** Where the smart account of an owner is, or will be once its first operation creates it; checksummed. */
export async function accountOf(chain: Chain, factory: Address, owner: Address): Promise<Address> {
  const request = { abi: abiOf('accountFactory'), address: factory, functionName: 'getAddress', args: [owner, ACCOUNT_SALT] }
  return Where.parse(await chain.readContract(request))
}
