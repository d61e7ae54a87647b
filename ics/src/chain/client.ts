import { type Account, createPublicClient, createWalletClient, defineChain, http } from 'viem'

// A local chain mines within milliseconds; viem's own pace and its cached block number would be seconds behind.
const PACE = { pollingInterval: 20, cacheTime: 0 }
// A node that hangs must be told from a slow one before the caller's own patience (10 s) ends.
const PATIENCE = { timeout: 3_000, retryCount: 1 }

/**
 * A reading client of a local chain.
 *
 * @param rpc URL of the node
 */
export function readChain(rpc: string) {
  return createPublicClient({ transport: http(rpc, PATIENCE), ...PACE })
}

/** What readChain returns. */
export type Chain = ReturnType<typeof readChain>

/**
 * A client that signs as one account.
 *
 * @param chainId the id that goes into each signature; a node of another chain refuses it
 */
export function signOn<A extends Account>(rpc: string, chainId: number, account: A) {
  const chain = defineChain({
    id: chainId,
    name: `chain ${chainId}`,
    nativeCurrency: { name: 'Ether', symbol: 'ETH', decimals: 18 },
    rpcUrls: { default: { http: [rpc] } },
  })
  return createWalletClient({ account, chain, transport: http(rpc, PATIENCE), ...PACE })
}

/** What signOn returns. */
export type Signer = ReturnType<typeof signOn<Account>>
