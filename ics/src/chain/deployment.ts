import { type Address, type Hex, getAddress, isAddress } from 'viem'
import { z } from 'zod'
import type { Chain } from './client.ts'
import { readIfThere } from './files.ts'

const Hash = z.custom<Hex>((text) => typeof text === 'string' && /^0x[0-9a-f]{64}$/.test(text), 'a 32-byte hash')
const Where = z.custom<Address>((text) => typeof text === 'string' && isAddress(text), 'an address').transform((text) => getAddress(text))

/** The deployment file: which chain, since which block, and where each contract is (checksummed). */
export const Deployment = z.strictObject({
  chainId: z.int().positive(),
  genesisHash: Hash,
  deploymentBlock: z.strictObject({ number: z.int().min(0), hash: Hash }),
  addresses: z.strictObject({
    token: Where,
    jobRegistry: Where,
    stakeManager: Where,
    validationModule: Where,
    feePool: Where,
    identityRegistry: Where,
    disputeModule: Where,
    systemPause: Where.optional(),
    forwarder: Where.optional(),
    entryPoint: Where.optional(),
    accountFactory: Where.optional(),
  }),
})
export type Deployment = z.infer<typeof Deployment>

/** The records belong to another chain than the one that answers. */
export class ChainChanged extends Error {
  override name = 'ChainChanged'
  readonly code = 'CHAIN_CHANGED'
}

/**
 * Reads a deployment file; undefined when there is none.
 *
 * @throws ZodError or SyntaxError when the file is not a deployment
 */
export async function readDeployment(path: string): Promise<Deployment | undefined> {
  const text = await readIfThere(path)
  return text === undefined ? undefined : Deployment.parse(JSON.parse(text))
}

/**
 * Makes sure that a chain is the one of the deployment: id, genesis, deployment block, code at each address.
 *
 * @throws ChainChanged naming the first difference
 */
export async function checkDeployment(chain: Chain, deployment: Deployment): Promise<void> {
  const { number, hash } = deployment.deploymentBlock
  same('chain id', deployment.chainId, await chain.getChainId())
  same('genesis', deployment.genesisHash, await hashAt(chain, 0))
  same(`block ${number}`, hash, await hashAt(chain, number))
  for (const [name, address] of Object.entries(deployment.addresses)) {
    const code = await chain.getCode({ address })
    if (code === undefined) throw new ChainChanged(`CHAIN_CHANGED: no code of ${name} at ${address}`)
  }
}

/** The hash of a block by its number; undefined when the chain has no such block. */
export async function hashAt(chain: Chain, number: number): Promise<Hex | undefined> {
  const block = await chain.request({
    method: 'eth_getBlockByNumber',
    params: [`0x${number.toString(16)}`, false],
  })
  return block?.hash ?? undefined
}

function same(what: string, recorded: unknown, found: unknown): void {
  if (recorded === found) return
  throw new ChainChanged(`CHAIN_CHANGED: ${what} is recorded as ${recorded}, the node says ${found ?? 'nothing'}`)
}
