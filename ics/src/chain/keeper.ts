import { once } from 'node:events'
import { rm } from 'node:fs/promises'
import { Agent, type IncomingMessage, request } from 'node:http'
import { json } from 'node:stream/consumers'
import { setTimeout as sleep } from 'node:timers/promises'
import { parseArgs, promisify } from 'node:util'
import { gunzip } from 'node:zlib'
import { z } from 'zod'
import { type Log, makeLog } from '../log.ts'
import { readIfThere, writeAtomically } from './files.ts'
import { isMain } from './main.ts'

const unzip = promisify(gunzip)
const POLL_MS = 20
const FULL_MS = 500 // a dump costs the node more than nothing
const ANSWER_MS = 10_000

const Metadata = z.object({
  instanceId: z.string(),
  latestBlockNumber: z.int(),
  latestBlockHash: z.string(),
})
const Answer = z.union([z.object({ error: z.object({ message: z.string() }) }), z.object({ result: z.unknown() })])
const Block = z.object({ hash: z.string() }).nullable()
const Tip = z.object({ height: z.int(), hash: z.string() })
type Tip = z.infer<typeof Tip>

/** What a keeper needs: the node, the two files it owns, when to stop, and where to say what it saw. */
export type KeeperOptions = { rpc: string; state: string; height: string; stop: AbortSignal; log: Log }

/** The node does not carry on the chain that was saved; the saved file was not touched. */
export class OtherChain extends Error {
  override name = 'OtherChain'
}

/**
 * Saves every new state of an anvil, so that kill -9 loses no transaction at or below the height in the height file.
 * Outlives the node: waits for it to come back. On a full disk nothing new counts as saved until there is room.
 * Returns when `stop` is aborted, after one last save.
 *
 * Files: `state` is an anvil state (JSON, for --load-state); `height` is one decimal number and a newline, never
 * above what `state` holds; `state`.tip remembers that block's hash, to recognise the chain after a restart.
 *
 * @throws OtherChain when a newly met node lacks the saved block, being behind it or another chain
 */
export async function keep(options: KeeperOptions): Promise<void> {
  const keeper = new Keeper(options)
  while (!options.stop.aborted) {
    const pause = await keeper.visit()
    await sleep(pause, undefined, { signal: options.stop }).catch(() => undefined)
  }
  await keeper.visit()
}

class Keeper {
  private instance = ''
  private seen = ''
  private trouble = ''

  constructor(private readonly options: KeeperOptions) {}

  /** Saves what is new; the milliseconds until the next visit. */
  async visit(): Promise<number> {
    try {
      await this.look()
      this.note('')
    } catch (error) {
      if (isFull(error)) this.note('the disk is full: nothing is saved', error)
      else if (error instanceof Unreachable) this.note('node does not answer', error)
      else throw error
    }
    return this.trouble.startsWith('the disk') ? FULL_MS : POLL_MS
  }

  private async look(): Promise<void> {
    const now = Metadata.parse(await this.ask('anvil_metadata'))
    if (now.instanceId !== this.instance) await this.meet(now)
    if (now.latestBlockHash === this.seen) return
    await this.save()
    this.seen = now.latestBlockHash
  }

  // Another process answers: it must hold the block that we saved, or it is not our chain.
  private async meet(now: z.infer<typeof Metadata>): Promise<void> {
    const tip = await this.savedTip()
    const hash = tip && (await this.hashAt(tip.height))
    if (tip !== undefined && hash !== tip.hash) {
      throw new OtherChain(
        `node at height ${now.latestBlockNumber} lacks the saved block ${tip.height} (${tip.hash}): state kept as it was`,
      )
    }
    this.instance = now.instanceId
    this.options.log.info({ instance: now.instanceId, height: now.latestBlockNumber, saved: tip?.height }, 'node met')
  }

  private async save(): Promise<void> {
    const { state, height, log } = this.options
    const { text, tip } = await this.dump()
    const before = await this.savedTip()
    if (before !== undefined && tip.height < before.height) {
      // The node itself went back (a reorganisation made on purpose): a stale tip would refuse it after a restart.
      log.warn({ from: before.height, to: tip.height }, 'chain went back')
      await rm(`${state}.tip`, { force: true })
      await writeAtomically(height, `${tip.height}\n`)
    }
    await writeAtomically(state, text)
    await this.sameNode()
    await writeAtomically(`${state}.tip`, JSON.stringify(tip))
    await writeAtomically(height, `${tip.height}\n`)
  }

  // A node that was started meanwhile may have read the file before: it lacks what is in this one, so nobody is told.
  private async sameNode(): Promise<void> {
    const { instanceId } = Metadata.parse(await this.ask('anvil_metadata'))
    if (instanceId !== this.instance) throw new Unreachable('another node answers than the one that was saved')
  }

  // The dump's own height counts: blocks may have been mined since the node was asked for its tip.
  private async dump(): Promise<{ text: Buffer; tip: Tip }> {
    const hex = z.string().parse(await this.ask('anvil_dumpState'))
    const text = await unzip(Buffer.from(hex.slice(2), 'hex'))
    const height = bestBlock(text)
    const hash = await this.hashAt(height)
    if (hash === undefined) throw new Unreachable(`block ${height} went while it was saved`)
    return { text, tip: { height, hash } }
  }

  private async hashAt(height: number): Promise<string | undefined> {
    const block = Block.parse(await this.ask('eth_getBlockByNumber', [`0x${height.toString(16)}`, false]))
    return block?.hash
  }

  private async savedTip(): Promise<Tip | undefined> {
    const text = await readIfThere(`${this.options.state}.tip`)
    return text === undefined ? undefined : Tip.parse(JSON.parse(text))
  }

  private async ask(method: string, params: unknown[] = []): Promise<unknown> {
    const answer = Answer.parse(await post(this.options.rpc, { jsonrpc: '2.0', id: 1, method, params }))
    if ('error' in answer) throw new Unreachable(`${method}: ${answer.error.message}`)
    return answer.result
  }

  private note(trouble: string, reason?: unknown): void {
    if (trouble !== this.trouble) this.options.log.info({ reason: reason && String(reason) }, trouble || 'saving again')
    this.trouble = trouble
  }
}

class Unreachable extends Error {}

const FULL = new Set(['ENOSPC', 'EDQUOT', 'EFBIG'])

function isFull(error: unknown): boolean {
  return error instanceof Error && 'code' in error && FULL.has(String(error.code))
}

// One kept connection instead of fetch: at fifty questions a second 8 % of a core instead of 13 %.
const agent = new Agent({ keepAlive: true, maxSockets: 1 })

async function post(rpc: string, body: object): Promise<unknown> {
  try {
    const text = JSON.stringify(body)
    const headers = { 'content-type': 'application/json', 'content-length': Buffer.byteLength(text) }
    const sent = request(rpc, { method: 'POST', agent, headers, timeout: ANSWER_MS })
    sent.on('timeout', () => sent.destroy(new Error('no answer in time')))
    sent.end(text)
    const [answer] = (await once(sent, 'response')) as [IncomingMessage]
    return await json(answer)
  } catch (error) {
    throw new Unreachable(String(error))
  }
}

// A state has megabytes; searching costs a fraction of parsing. All other values are hex, so the name occurs once.
function bestBlock(state: Buffer): number {
  const name = '"best_block_number":'
  const start = state.indexOf(name) + name.length
  const digits = /^\s*"?(0x[0-9a-f]+|\d+)/.exec(state.toString('latin1', start, start + 40))?.[1]
  if (start < name.length || digits === undefined) throw new Error('anvil_dumpState has no best_block_number')
  return Number(digits)
}

async function main(): Promise<void> {
  const text = { type: 'string' } as const
  const { values } = parseArgs({ options: { rpc: text, state: text, height: text } })
  const files = z.object({ rpc: z.url(), state: z.string(), height: z.string() }).parse(values)
  const stop = new AbortController()
  for (const name of ['SIGTERM', 'SIGINT'] as const) process.on(name, () => stop.abort())
  const log = makeLog('info', 'keeper')
  try {
    await keep({ ...files, stop: stop.signal, log })
  } catch (error) {
    log.fatal({ err: error }, 'keeper stops')
    process.exitCode = error instanceof OtherChain ? 3 : 1
  }
}

if (isMain(import.meta.url)) await main()
