import { rm, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { setTimeout as sleep } from 'node:timers/promises'
import { pino } from 'pino'
import { afterEach, beforeEach, describe, expect, test } from 'vitest'
import { waitForHeight } from '../src/chain/height.ts'
import { keep } from '../src/chain/keeper.ts'
import { type Ask, Ics, freshKey } from './ics.ts'
import { World } from './world.ts'

let world: World
let ics: Ics

beforeEach(async () => {
  world = await World.start()
  ics = await Ics.start(world)
})
afterEach(async () => {
  await ics.stop()
  await world.stop()
})

const deposit = (): Ask & { key: string } => ({ intent: 'stake', params: { stake: { amountAGIA: '10', role: 'platform' } }, key: freshKey() })
const rpc = (method: string, params: unknown[]) => (world.chain.request as (call: object) => Promise<unknown>)({ method, params })
const staked = () => world.number('stakeManager', 'stakeOf', [world.address('operator'), 2])

describe('the chain', () => {
  test('away is CHAIN_UNAVAILABLE; what has ended is replayed without it', { timeout: 60_000 }, async () => {
    const ask = deposit()
    await ics.ask(ask)
    await world.anvil.kill()
    const refused = await ics.ask(deposit())
    expect([refused.http, refused.json['code'], refused.json['part']]).toEqual([503, 'CHAIN_UNAVAILABLE', 'chain'])
    expect((await fetch(ics.url('/healthz'))).status).toBe(503)
    expect((await ics.ask(ask)).lines.at(-1)).toBe('✅ Deposited 10.00 AGIALPHA for platform.')
  })

  test('made anew under old records is CHAIN_CHANGED', { timeout: 60_000 }, async () => {
    await ics.ask(deposit())
    await world.anvil.kill()
    await sleep(1_100)
    await world.anvil.restart()
    const refused = await ics.ask(deposit())
    expect([refused.http, refused.json['code']]).toEqual([503, 'CHAIN_CHANGED'])
    expect(refused.json['message']).toBeTruthy()
  })

  test('that lost its last blocks gets the same bytes again', { timeout: 60_000 }, async () => {
    const ask = deposit()
    await ics.ask(ask)
    const { receipt } = await ics.status(ask.key)
    await rpc('anvil_rollback', [2])
    expect(await staked()).toBe(0n)
    await ics.ask(deposit())
    expect(await staked()).toBe(20n * 10n ** 18n)
    const last = receipt?.txes.at(-1) as `0x${string}`
    expect((await world.chain.getTransactionReceipt({ hash: last })).status).toBe('success')
  })

  test('that cannot take them again is CHAIN_ROLLED_BACK', { timeout: 60_000 }, async () => {
    await ics.ask(deposit())
    await rpc('anvil_rollback', [3])
    // The signer's money is gone with the lost blocks, so its transactions cannot be mined again.
    await rpc('anvil_setBalance', [world.address('operator'), '0x0'])
    const refused = await ics.ask(deposit())
    expect([refused.http, refused.json['code']]).toEqual([503, 'CHAIN_ROLLED_BACK'])
  })
})

describe('the height file', () => {
  test('and the keeper bring every deposit through kills of the node', { timeout: 60_000 }, async () => {
    const files = { state: world.anvil.stateFile, height: join(world.anvil.folder, 'height') }
    const stop = new AbortController()
    const keeper = keep({ rpc: world.anvil.url, ...files, stop: stop.signal, log: pino({ level: 'silent' }) })
    const careful = await Ics.start(world, { ICS_HEIGHT_FILE: files.height })
    await waitForHeight(files.height, world.deployment.deploymentBlock.number)
    for (let round = 1; round <= 3; round++) {
      const ask = deposit()
      const answer = careful.ask(ask)
      await sleep(20 + round * 15)
      await world.anvil.kill()
      await world.anvil.restart()
      const { http } = await answer
      // Killed before it was taken in: the request is refused and may be sent again under its key.
      if (http === 503) await careful.ask(ask)
      expect(await careful.ended(ask.key)).toMatchObject({ outcome: 'executed' })
      expect(await staked()).toBe(BigInt(round) * 10n ** 19n)
    }
    stop.abort()
    await keeper
    await careful.stop()
  })

  test('keeps a mined transaction in progress until the keeper has saved it', { timeout: 60_000 }, async () => {
    const file = join(world.anvil.folder, 'height')
    await writeFile(file, '0\n')
    const careful = await Ics.start(world, { ICS_HEIGHT_FILE: file })
    const ask = deposit()
    const answer = careful.ask(ask)
    await sleep(1_500)
    expect(await careful.status(ask.key)).toMatchObject({ outcome: 'in_progress' })
    await writeFile(file, '100000\n')
    await answer
    expect(await careful.status(ask.key)).toMatchObject({ outcome: 'executed' })
    await careful.stop()
    await rm(file)
  })
})
