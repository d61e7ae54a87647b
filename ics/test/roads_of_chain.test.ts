import { readFile, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { Ics } from './ics.ts'
import { World } from './world.ts'

const STAKE = { stake: { amountAGIA: '5', role: 'platform' } }
let world: World

beforeAll(async () => {
  world = await World.start()
})
afterAll(() => world.stop())

describe('a chain', () => {
  test.each([
    ['with all their contracts', {}, ['direct', 'relayer', 'aa']],
    ['without their contracts', { forwarder: undefined, entryPoint: undefined, accountFactory: undefined }, ['direct']],
    ['whose token does not trust the forwarder', { forwarder: 'feePool' }, ['direct', 'aa']],
    ['whose accounts have another entry point', { entryPoint: 'feePool' }, ['direct', 'relayer']],
  ] as const)('%s says which it has, and refuses the others', { timeout: 30_000 }, async (_, changes, roads) => {
    const other = await Ics.start(world, { ICS_DEPLOYMENT: await deploymentWith(changes) })
    try {
      expect(await other.get('/contract')).toMatchObject({ chain: { roads } })
      for (const road of ['relayer', 'aa'].filter((name) => !(roads as readonly string[]).includes(name))) {
        const { key, lines } = await other.ask({ intent: 'stake', params: STAKE, user: 'viewer', meta: { txMode: road } })
        expect(lines).toEqual([`❌ TXMODE_UNSUPPORTED: txMode ${road} does not work on this chain.`])
        expect(await other.status(key)).toMatchObject({ outcome: 'rejected' })
      }
    } finally {
      await other.stop()
    }
  })
})

/** A deployment file that names other addresses, or none, for some contracts. */
async function deploymentWith(changes: Record<string, string | undefined>): Promise<string> {
  const text = await readFile(join(world.anvil.folder, 'deployment.json'), 'utf8')
  const deployment = JSON.parse(text) as { addresses: Record<string, string | undefined> }
  const named = Object.entries(changes).map(([name, other]) => [name, other && deployment.addresses[other]])
  const addresses = { ...deployment.addresses, ...Object.fromEntries(named) }
  const path = join(world.anvil.folder, 'changed.json')
  await writeFile(path, JSON.stringify({ ...deployment, addresses }))
  return path
}
