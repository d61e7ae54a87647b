import { spawn, spawnSync } from 'node:child_process'
import { closeSync, openSync } from 'node:fs'
import { mkdtemp, readdir, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { setTimeout as sleep } from 'node:timers/promises'
import { describe, expect, test, vi } from 'vitest'
import { readIfThere } from '../src/chain/files.ts'
import { TOKEN, fillDiskOf, freshKey } from './ics.ts'
import { ics, proxy, stagedBehindProxy, world } from './stage.ts'

// A disk that takes nothing in ends no call, and every refusal says what is wrong.
stagedBehindProxy()

const headers = { Authorization: `Bearer ${TOKEN}` }
const stake = (key: string) => ({ intent: 'stake', params: { stake: { amountAGIA: '10', role: 'validator' } }, user: 'validator1', key })
const staked = () => world.balance(world.where('stakeManager'))

/** Fills the disk when the node is asked this for the nth time. */
function fillAt(method: string): Promise<void> {
  return new Promise((resolve) => {
    proxy.watch = {
      before: async (asked) => {
        if (asked !== method) return
        proxy.watch = {}
        ics.fillDisk(true)
        resolve()
      },
    }
  })
}

describe.runIf(process.platform === 'linux')('on a full disk', () => {
  test('a log line that cannot be written stops nothing', () => {
    const code = "import { makeLog } from './src/log.ts'; for (const _ of [1, 2, 3]) makeLog('info').error('lost'); console.log('on it goes')"
    const full = openSync('/dev/full', 'w')
    const { stdout } = spawnSync(process.execPath, ['--import', 'tsx', '--input-type=module', '-e', code], { stdio: ['ignore', 'pipe', full] })
    closeSync(full)
    expect(stdout.toString()).toBe('on it goes\n')
  })

  test('requests that need the journal are 503 and say so, and nothing is taken in', async () => {
    await world.pass(1)
    ics.fillDisk(true)
    const key = freshKey()
    const facts = await fetch(ics.url('/contract'), { headers })
    expect([facts.status, facts.headers.get('Retry-After'), await facts.json()]).toMatchObject([503, '2', { code: 'JOURNAL_UNAVAILABLE', part: 'journal' }])
    expect(await ics.ask(stake(key))).toMatchObject({ http: 503, json: { code: 'JOURNAL_UNAVAILABLE' } })
    expect(await ics.fence(key)).toMatchObject({ code: 'JOURNAL_UNAVAILABLE' })
    ics.fillDisk(false)
    expect(await ics.fence(key)).toMatchObject({ outcome: 'not_executed' })
  })

  test.each([
    ['before it is signed', 'eth_getTransactionCount'],
    ['between journal and broadcast', 'eth_sendRawTransaction'],
  ])('a call that is under way %s goes on when there is room, once', { timeout: 30_000 }, async (_, method) => {
    const [key, before] = [freshKey(), await staked()]
    const full = fillAt(method)
    void ics.ask(stake(key))
    await full
    await sleep(1_500)
    expect(await ics.status(key)).toMatchObject({ outcome: 'in_progress' })
    ics.fillDisk(false)
    expect(await ics.ended(key)).toMatchObject({ outcome: 'executed' })
    expect((await staked()) - before).toBe(10n ** 19n)
    const { lines } = await ics.ask(stake(key))
    expect(new Set(lines).size).toBe(lines.length)
    expect(lines.filter((line) => line.startsWith('✅'))).toHaveLength(1)
  })

  test('the keeper saves nothing, acknowledges nothing, and goes on when there is room', { timeout: 30_000 }, async () => {
    const folder = await mkdtemp(join(tmpdir(), 'keeper-'))
    const [state, height] = [join(folder, 'state.json'), join(folder, 'height')]
    const words = ['--import', 'tsx', 'src/chain/keeper.ts', '--rpc', world.anvil.url, '--state', state, '--height', height]
    const keeper = spawn(process.execPath, words, { stdio: 'ignore' })
    const saved = async () => Number((await readIfThere(height)) ?? 0)
    await vi.waitUntil(async () => (await saved()) > 0, { timeout: 10_000 })
    fillDiskOf(keeper, true)
    await sleep(100) // what it was about to save may have been in time
    const before = await saved()
    await world.pass(1)
    await sleep(1_500)
    expect([keeper.exitCode, await saved(), await readdir(folder)]).toEqual([null, before, ['height', 'state.json', 'state.json.tip']])
    fillDiskOf(keeper, false)
    await vi.waitUntil(async () => (await saved()) > before, { timeout: 5_000 })
    keeper.kill()
    await rm(folder, { recursive: true })
  })
})
