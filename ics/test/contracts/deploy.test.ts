import { readFile, rm, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { parseEther } from 'viem'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { abiOf } from '../../src/chain/abi.ts'
import { readChain } from '../../src/chain/client.ts'
import { deploy } from '../../src/chain/deploy.ts'
import { ChainChanged, readDeployment } from '../../src/chain/deployment.ts'
import { FaucetLocalOnly, faucet } from '../../src/chain/faucet.ts'
import { signerFor } from '../../src/chain/signer.ts'
import { startAnvil } from '../anvil.ts'
import { CONFIG, World } from '../world.ts'

let world: World
let out: string

beforeAll(async () => {
  world = await World.start()
  out = join(world.anvil.folder, 'deployment.json')
})
afterAll(() => world.stop())

const options = () => ({ rpc: world.anvil.url, config: CONFIG, out })

describe('deploy', () => {
  test('again does nothing', async () => {
    const [text, height] = [await readFile(out, 'utf8'), await nonce('governance')]
    expect(await deploy(options())).toEqual({ deployment: world.deployment, made: false })
    expect([await readFile(out, 'utf8'), await nonce('governance')]).toEqual([text, height])
  })

  test('sets fees, terms and windows of the config folder', async () => {
    expect(await world.number('jobRegistry', 'feePct')).toBe(5n)
    expect(await world.number('jobRegistry', 'validatorRewardPct')).toBe(8n)
    expect(await world.number('feePool', 'burnPct')).toBe(1n)
    expect(await world.number('stakeManager', 'burnPct')).toBe(0n)
    expect(await world.number('jobRegistry', 'maxJobReward')).toBe(parseEther('1000'))
    expect(await world.number('validationModule', 'commitWindow')).toBe(20n)
    expect(await world.read('jobRegistry', 'owner')).toBe(world.address('governance'))
  })

  test('without its file deploys anew, with the windows that were asked for', async () => {
    const elsewhere = join(world.anvil.folder, 'second.json')
    const { deployment, made } = await deploy({ ...options(), out: elsewhere, windows: { commit: 6, reveal: 7 } })
    expect(made).toBe(true)
    expect(deployment.addresses.jobRegistry).not.toBe(world.deployment.addresses.jobRegistry)
    const second = { abi: abiOf('validationModule') }
    const address = deployment.addresses.validationModule
    expect(await world.chain.readContract({ ...second, address, functionName: 'revealWindow' })).toBe(7n)
    await rm(elsewhere)
  })

  test('refuses a file of another chain', async () => {
    const other = await startAnvil()
    try {
      await expect(deploy({ ...options(), rpc: other.url })).rejects.toThrow(/^CHAIN_CHANGED: /)
      await expect(deploy({ ...options(), rpc: other.url })).rejects.toBeInstanceOf(ChainChanged)
    } finally {
      await other.stop()
    }
  })

  test('refuses a file that names an address without code', async () => {
    const wrong = join(world.anvil.folder, 'wrong.json')
    const addresses = { ...world.deployment.addresses, feePool: world.address('viewer') }
    await writeFile(wrong, JSON.stringify({ ...world.deployment, addresses }))
    await expect(deploy({ ...options(), out: wrong })).rejects.toThrow('no code of feePool')
    expect((await readDeployment(wrong))?.addresses.feePool).toBe(world.address('viewer'))
  })
})

describe('the faucet', () => {
  const ask = (userId: string, local = world.local) =>
    faucet({ rpc: world.anvil.url, local, deployment: world.deployment, userId })

  test('funds a new signer once', async () => {
    const { address, account } = await ask('newcomer')
    expect(await world.balance(address)).toBe(parseEther('1000'))
    expect(await world.chain.getBalance({ address })).toBe(parseEther('10'))
    const nothing = { eth: null, tokens: null }
    expect(await ask('newcomer')).toEqual({ address, ...nothing, account: { address: account?.address, ...nothing } })
    expect(await world.balance(account?.address ?? address)).toBe(parseEther('1000'))
  })

  test('serves many at once', async () => {
    const users = ['a', 'b', 'c', 'd']
    await Promise.all(users.map((userId) => ask(userId)))
    const balances = await Promise.all(users.map((userId) => world.balance(world.address(userId))))
    expect(balances).toEqual(users.map(() => parseEther('1000')))
  })

  test('does not refill who has spent', async () => {
    await world.as('approver', 'token', 'burn', [parseEther('1000')])
    expect(await ask('approver')).toMatchObject({ eth: null, tokens: null })
  })

  test('is closed where the settings close it', async () => {
    await expect(ask('late', { ...world.local, faucet: false })).rejects.toBeInstanceOf(FaucetLocalOnly)
  })
})

test('a signer is the documented path of the mnemonic', () => {
  // The last 31 bits of keccak256("operator") = 0x46a5...fc73319f622.
  expect(signerFor(world.local.mnemonic, 'operator').getHdKey().index).toBe(0x3319_f622)
})

async function nonce(userId: string): Promise<number> {
  return readChain(world.anvil.url).getTransactionCount({ address: world.address(userId) })
}
