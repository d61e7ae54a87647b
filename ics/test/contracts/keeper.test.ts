import { rm, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { setTimeout as sleep } from 'node:timers/promises'
import { pino } from 'pino'
import { type Hex, zeroAddress } from 'viem'
import { afterEach, beforeEach, expect, test } from 'vitest'
import { readChain, signOn } from '../../src/chain/client.ts'
import { readIfThere } from '../../src/chain/files.ts'
import { persistedHeight, waitForHeight } from '../../src/chain/height.ts'
import { OtherChain, keep } from '../../src/chain/keeper.ts'
import { Sender } from '../../src/chain/sender.ts'
import { faucetAccount } from '../../src/chain/signer.ts'
import { type Anvil, startAnvil } from '../anvil.ts'
import { Proxy } from '../proxy.ts'

const MNEMONIC = 'test test test test test test test test test test test junk'
const KILLS = 5
let anvil: Anvil
let height: string
let stop: AbortController

beforeEach(async () => {
  anvil = await startAnvil()
  height = join(anvil.folder, 'height')
  stop = new AbortController()
})
afterEach(async () => {
  stop.abort()
  await anvil.stop()
})

const keeper = (rpc = anvil.url) => keep({ rpc, state: anvil.stateFile, height, stop: stop.signal, log: pino({ level: 'silent' }) })

/** Sends until the node dies; returns the transactions that were mined and saved by then. */
async function load(): Promise<Hex[]> {
  const chain = readChain(anvil.url)
  const wallet = signOn(anvil.url, 31_337, faucetAccount(MNEMONIC))
  const acknowledged: Hex[] = []
  try {
    for (;;) {
      const hash = await wallet.sendTransaction({ to: zeroAddress, value: 1n })
      // viem asks a dead node for three minutes otherwise.
      const { blockNumber } = await chain.waitForTransactionReceipt({ hash, timeout: 2_000 })
      await waitForHeight(height, Number(blockNumber), 500)
      acknowledged.push(hash)
    }
  } catch {
    return acknowledged
  }
}

test(`${KILLS} kills under load lose no transaction at or below the persisted height`, async () => {
  const keeping = keeper()
  const acknowledged: Hex[] = []
  for (let round = 0; round < KILLS; round++) {
    const loading = load()
    await sleep(150 + 90 * round)
    await anvil.kill('SIGKILL')
    acknowledged.push(...(await loading))
    await anvil.restart()
    const chain = readChain(anvil.url)
    const found = acknowledged.map((hash) => chain.getTransactionReceipt({ hash }))
    expect((await Promise.all(found)).map((receipt) => receipt.status)).toEqual(acknowledged.map(() => 'success'))
  }
  expect(acknowledged.length).toBeGreaterThan(KILLS)
  stop.abort()
  await keeping
})

test('the height never runs ahead of the state', async () => {
  const keeping = keeper()
  await waitForHeight(height, 2)
  stop.abort()
  await keeping
  const state = JSON.parse((await readIfThere(anvil.stateFile)) ?? '{}') as { best_block_number: number }
  expect(await persistedHeight(height)).toBe(state.best_block_number)
})

test('a height is told only when the node that was saved answers after the file is there', async () => {
  // A node that is started while the file is written may have read the one before.
  const proxy = await Proxy.to(anvil.url)
  let saves = 0
  proxy.watch.told = (method, text) => {
    if (method === 'anvil_dumpState') saves++
    return method === 'anvil_metadata' ? text.replace(/"instanceId":"/, `$&${saves}`) : text
  }
  const keeping = keeper(proxy.url)
  while (saves < 3) await sleep(20)
  expect(await readIfThere(height)).toBeUndefined()
  expect(await readIfThere(`${anvil.stateFile}.tip`)).toBeUndefined()
  proxy.watch.told = (_, text) => text
  await waitForHeight(height, 1)
  stop.abort()
  await keeping
  proxy.stop()
})

test('a node that was not started from our state is refused and the file kept', async () => {
  const keeping = keeper()
  await waitForHeight(height, 1)
  stop.abort()
  await keeping
  const before = await readIfThere(anvil.stateFile)
  await anvil.kill()
  await rm(anvil.stateFile)
  await anvil.restart()
  await writeFile(anvil.stateFile, before ?? '')
  stop = new AbortController()
  await expect(keeper()).rejects.toBeInstanceOf(OtherChain)
  expect(await readIfThere(anvil.stateFile)).toBe(before)
})

test('a chain that is rolled back on purpose is followed', async () => {
  const keeping = keeper()
  const sender = await Sender.of(readChain(anvil.url), signOn(anvil.url, 31_337, faucetAccount(MNEMONIC)))
  await sender.transfer(zeroAddress, 1n)
  await waitForHeight(height, await sender.settle())
  const from = await persistedHeight(height)
  const rpc = readChain(anvil.url).request as (call: { method: string; params: unknown[] }) => Promise<unknown>
  await rpc({ method: 'anvil_reorg', params: [1, []] })
  await waitForHeight(height, from + 1)
  await anvil.kill()
  await anvil.restart()
  await waitForHeight(height, from + 2)
  stop.abort()
  await keeping
})
