import { parseArgs } from 'node:util'
import { getAddress, parseEther, zeroHash } from 'viem'
import { z } from 'zod'
import { type Chain, readChain, signOn } from './client.ts'
import { compile } from './compile.ts'
import { type Fees, type LocalChain, readFees, readLocalChain } from './config.ts'
import { ChainChanged, Deployment, checkDeployment, hashAt, readDeployment } from './deployment.ts'
import { writeAtomically } from './files.ts'
import { waitForHeight } from './height.ts'
import { isMain } from './main.ts'
import { Sender } from './sender.ts'
import { accountOf } from './account.ts'
import { faucetAccount, signerFor, sponsorAccount } from './signer.ts'
import { type Addresses, creations, staff, wiring } from './system.ts'

const GOVERNANCE = 'governance'
const GAS_MONEY = parseEther('100')

/** Where to deploy, by which config folder, into which file; `height` is the keeper's file, if one runs. */
export type DeployOptions = {
  rpc: string
  config: string
  out: string
  windows?: { commit: number; reveal: number }
  height?: string
}

/**
 * Deploys all contracts and writes the deployment file, unless the file is there and the chain is its own.
 *
 * @returns the deployment and whether it was made now
 * @throws ChainChanged (CHAIN_CHANGED) when the file belongs to another chain; ZodError for a wrong config
 */
export async function deploy(options: DeployOptions): Promise<{ deployment: Deployment; made: boolean }> {
  const chain = readChain(options.rpc)
  const known = await readDeployment(options.out)
  if (known !== undefined) {
    await checkDeployment(chain, known)
    return { deployment: known, made: false }
  }
  const local = { ...(await readLocalChain(options.config)), ...windowsOf(options) }
  const made = await create(chain, options.rpc, local, await readFees(options.config))
  // The file must not outlive the chain: what it names is on disk before it is.
  if (options.height !== undefined) await waitForHeight(options.height, made.deploymentBlock.number)
  await writeAtomically(options.out, `${JSON.stringify(made, null, 2)}\n`)
  return { deployment: made, made: true }
}

function windowsOf({ windows }: DeployOptions): Partial<LocalChain> {
  return windows === undefined ? {} : { commitWindow: windows.commit, revealWindow: windows.reveal }
}

async function create(chain: Chain, rpc: string, local: LocalChain, fees: Fees): Promise<Deployment> {
  const id = await chain.getChainId()
  if (id !== local.chainId) throw new ChainChanged(`CHAIN_CHANGED: config names chain ${local.chainId}, the node is ${id}`)
  const governance = signerFor(local.mnemonic, GOVERNANCE)
  await endow(chain, rpc, local)
  const sender = await Sender.of(chain, signOn(rpc, id, governance))
  const plan = creations(governance.address, sender.nonce, local, fees)
  for (const { name, args } of plan.contracts) await sender.create(name, args)
  await sender.settle()
  for (const { on, ...call } of wiring(plan.addresses, local, await accountsOf(chain, plan.addresses, local))) {
    await sender.call({ name: on, address: plan.addresses[on] }, call)
  }
  return describe(chain, id, plan.addresses, await sender.settle())
}

async function accountsOf(chain: Chain, { accountFactory }: Addresses, local: LocalChain) {
  const ids = [...staff(local, 'agent'), ...staff(local, 'validator')]
  const owner = (userId: string) => signerFor(local.mnemonic, userId).address
  const found = ids.map(async (userId) => [userId, await accountOf(chain, accountFactory, owner(userId))] as const)
  return Object.fromEntries(await Promise.all(found))
}

// Governance and the sponsor are ordinary paths of the mnemonic, not ones that anvil endows.
async function endow(chain: Chain, rpc: string, local: LocalChain): Promise<void> {
  const rich = await Sender.of(chain, signOn(rpc, local.chainId, faucetAccount(local.mnemonic)))
  for (const { address } of [signerFor(local.mnemonic, GOVERNANCE), sponsorAccount(local.mnemonic)]) {
    if ((await chain.getBalance({ address })) < GAS_MONEY / 2n) await rich.transfer(address, GAS_MONEY)
  }
  await rich.settle()
}

async function describe(chain: Chain, chainId: number, addresses: object, last: number): Promise<Deployment> {
  const [genesisHash, hash] = [await hashAt(chain, 0), await hashAt(chain, last)]
  return Deployment.parse({
    chainId,
    genesisHash: genesisHash ?? zeroHash,
    deploymentBlock: { number: last, hash },
    addresses: Object.fromEntries(Object.entries(addresses).map(([name, where]) => [name, getAddress(where)])),
  })
}

const Windows = z
  .string()
  .regex(/^\d+,\d+$/, 'two numbers of seconds, such as 6,6')
  .transform((text) => text.split(',').map(Number))
  .transform(([commit = 0, reveal = 0]) => ({ commit, reveal }))
const Flags = z.object({
  rpc: z.url(),
  config: z.string(),
  out: z.string(),
  windows: Windows.optional(),
  height: z.string().optional(),
})

async function main(): Promise<void> {
  const text = { type: 'string' } as const
  const { values } = parseArgs({ options: { rpc: text, config: text, out: text, windows: text, height: text } })
  const { windows, height, ...rest } = Flags.parse(values)
  console.log(await compile())
  const { deployment, made } = await deploy({ ...rest, ...(windows && { windows }), ...(height && { height }) })
  const { number } = deployment.deploymentBlock
  console.log(made ? `deployed up to block ${number}` : `already deployed at block ${number}: nothing to do`)
}

if (isMain(import.meta.url)) {
  await main().catch((error: unknown) => {
    console.error(error instanceof ChainChanged ? error.message : error)
    process.exitCode = 1
  })
}
