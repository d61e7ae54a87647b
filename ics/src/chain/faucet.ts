import { parseArgs } from 'node:util'
import { type Address, type Hex, parseEther } from 'viem'
import { z } from 'zod'
import { abiOf } from './abi.ts'
import { accountOf } from './account.ts'
import { type Chain, type Signer, readChain, signOn } from './client.ts'
import { type LocalChain, readLocalChain } from './config.ts'
import { type Deployment, readDeployment } from './deployment.ts'
import { isMain } from './main.ts'
import { faucetAccount, signerFor } from './signer.ts'

const LOCAL_CHAIN = 31_337
const ETH = parseEther('10')
const TOKENS = parseEther('1000')

/** Which signer to fund, on which node, by which settings and deployment. */
export type FaucetOptions = { rpc: string; local: LocalChain; deployment: Deployment; userId: string }
/** What was sent to an address: transaction hashes, null where it already had or has had some. */
export type Given = { address: Address; eth: Hex | null; tokens: Hex | null }
/** What the signer got, and what his smart account; null on a chain without them. */
export type FaucetResult = Given & { account: Given | null }

/** The faucet works on the local chain alone. */
export class FaucetLocalOnly extends Error {
  override name = 'FaucetLocalOnly'
  readonly code = 'FAUCET_LOCAL_ONLY'
}

let queue: Promise<unknown> = Promise.resolve()

/**
 * Gives a user's signer and his smart account 10 ETH and 1,000 AGIALPHA, each only when it has none and has never acted.
 * Calls of one process wait for each other, because they share the faucet's nonce.
 *
 * @returns after the transfers are mined
 * @throws FaucetLocalOnly unless the node is chain 31337 and the settings say `faucet: true`
 */
export function faucet(options: FaucetOptions): Promise<FaucetResult> {
  const turn = queue.then(() => fund(options))
  queue = turn.catch(() => undefined)
  return turn
}

async function fund({ rpc, local, deployment, userId }: FaucetOptions): Promise<FaucetResult> {
  const chain = readChain(rpc)
  const id = await chain.getChainId()
  if (id !== LOCAL_CHAIN || !local.faucet) throw new FaucetLocalOnly(`FAUCET_LOCAL_ONLY: no faucet on chain ${id}`)
  const signer = signerFor(local.mnemonic, userId).address
  const { accountFactory } = deployment.addresses
  const account = accountFactory === undefined ? null : await accountOf(chain, accountFactory, signer)
  const given = (address: Address) => fill(chain, signOn(rpc, id, faucetAccount(local.mnemonic)), deployment, address)
  return { ...(await given(signer)), account: account === null ? null : await given(account) }
}

async function fill(chain: Chain, purse: Signer, { addresses }: Deployment, address: Address): Promise<Given> {
  const used = await hasActed(chain, addresses.forwarder, address)
  const { token } = addresses
  const held = { eth: await chain.getBalance({ address }), tokens: await tokensOf(chain, token, address) }
  const eth = used || held.eth > 0n ? null : await purse.sendTransaction({ to: address, value: ETH })
  if (eth !== null) await chain.waitForTransactionReceipt({ hash: eth })
  const mint = { abi: abiOf('token'), address: token, functionName: 'mint', args: [address, TOKENS] }
  const tokens = used || held.tokens > 0n ? null : await purse.writeContract(mint)
  if (tokens !== null) await chain.waitForTransactionReceipt({ hash: tokens })
  return { address, eth, tokens }
}

// By transactions of its own, which creating a smart account counts as, or by relayed requests.
async function hasActed(chain: Chain, forwarder: Address | undefined, address: Address): Promise<boolean> {
  if ((await chain.getTransactionCount({ address })) > 0) return true
  if (forwarder === undefined) return false
  const request = { abi: abiOf('forwarder'), address: forwarder, functionName: 'nonces', args: [address] }
  return z.bigint().parse(await chain.readContract(request)) > 0n
}

async function tokensOf(chain: Chain, token: Address, owner: Address): Promise<bigint> {
  const request = { abi: abiOf('token'), address: token, functionName: 'balanceOf', args: [owner] }
  return z.bigint().parse(await chain.readContract(request))
}

const Flags = z.object({ rpc: z.url(), config: z.string(), deployment: z.string(), user: z.array(z.string()).min(1) })

async function main(): Promise<void> {
  const text = { type: 'string' } as const
  const user = { type: 'string', multiple: true } as const
  const flags = Flags.parse(parseArgs({ options: { rpc: text, config: text, deployment: text, user } }).values)
  const deployment = await readDeployment(flags.deployment)
  if (deployment === undefined) throw new Error(`no deployment in ${flags.deployment}: run npm run deploy first`)
  const local = await readLocalChain(flags.config)
  for (const userId of flags.user) {
    const { account, ...signer } = await faucet({ rpc: flags.rpc, local, deployment, userId })
    for (const { address, eth, tokens } of account === null ? [signer] : [signer, account]) {
      console.log(`${userId} ${address} eth ${eth ?? 'kept'} tokens ${tokens ?? 'kept'}`)
    }
  }
}

if (isMain(import.meta.url)) await main()
