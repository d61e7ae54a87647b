import { parseArgs } from 'node:util'
import { type Address, type Hex, parseEther } from 'viem'
import { z } from 'zod'
import { abiOf } from './abi.ts'
import { type Chain, readChain, signOn } from './client.ts'
import { type LocalChain, readLocalChain } from './config.ts'
import { type Deployment, readDeployment } from './deployment.ts'
import { isMain } from './main.ts'
import { faucetAccount, signerFor } from './signer.ts'

const LOCAL_CHAIN = 31_337
const ETH = parseEther('10')
const TOKENS = parseEther('1000')

/** Which signer to fund, on which node, by which settings and deployment. */
export type FaucetOptions = { rpc: string; local: LocalChain; deployment: Deployment; userId: string }
/** What was sent: transaction hashes, null where the signer already had or has had some. */
export type FaucetResult = { address: Address; eth: Hex | null; tokens: Hex | null }

/** The faucet works on the local chain alone. */
export class FaucetLocalOnly extends Error {
  override name = 'FaucetLocalOnly'
  readonly code = 'FAUCET_LOCAL_ONLY'
}

let queue: Promise<unknown> = Promise.resolve()

/**
 * Gives a user's signer 10 ETH and 1,000 AGIALPHA, each only when he has none and has never sent a transaction.
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
  const address = signerFor(local.mnemonic, userId).address
  const used = (await chain.getTransactionCount({ address })) > 0
  const { token } = deployment.addresses
  const held = { eth: await chain.getBalance({ address }), tokens: await tokensOf(chain, token, address) }
  const purse = signOn(rpc, id, faucetAccount(local.mnemonic))
  const eth = used || held.eth > 0n ? null : await purse.sendTransaction({ to: address, value: ETH })
  if (eth !== null) await chain.waitForTransactionReceipt({ hash: eth })
  const mint = { abi: abiOf('token'), address: token, functionName: 'mint', args: [address, TOKENS] }
  const tokens = used || held.tokens > 0n ? null : await purse.writeContract(mint)
  if (tokens !== null) await chain.waitForTransactionReceipt({ hash: tokens })
  return { address, eth, tokens }
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
    const { address, eth, tokens } = await faucet({ rpc: flags.rpc, local, deployment, userId })
    console.log(`${userId} ${address} eth ${eth ?? 'kept'} tokens ${tokens ?? 'kept'}`)
  }
}

if (isMain(import.meta.url)) await main()
