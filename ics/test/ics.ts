import { type ChildProcess, spawn } from 'node:child_process'
import { once } from 'node:events'
import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { createInterface } from 'node:readline'
import { setTimeout as sleep } from 'node:timers/promises'
import { fileURLToPath } from 'node:url'
import { stepDigest } from '../src/canonical.ts'
import type { IntentStatus } from '../src/status.ts'
import { CONFIG, type World } from './world.ts'

const ICS = fileURLToPath(new URL('..', import.meta.url))
export const TOKEN = 'test-token-0123456789'
export const PLAN = 'ab'.repeat(32)
export const TRACE = '7b1c1d3e-0000-4000-8000-000000000001'

type Json = Record<string, unknown>
/** One call of a test; absent parts have the values of an honest confirmed call. */
export type Ask = {
  intent: string
  params: Json
  user?: string
  confirm?: boolean
  key?: string
  verdict?: string | null
  notAfter?: number
  meta?: Json
  headers?: Record<string, string>
}
/** What came back: the raw text of a stream, or the JSON of a refusal. */
export type Answer = { http: number; key: string; text: string; lines: string[]; json: Json }

let made = 0

/** A server process of its own with its journal, on a world's chain. */
export class Ics {
  port = 0
  log = ''
  private constructor(
    readonly folder: string,
    private readonly env: Record<string, string>,
    private child: ChildProcess,
  ) {}

  static async start(world: World, changes: Record<string, string> = {}): Promise<Ics> {
    const folder = await mkdtemp(join(tmpdir(), 'onebox-ics-'))
    const env = {
      RPC_URL: world.anvil.url,
      ICS_TOKEN: TOKEN,
      ICS_JOURNAL: join(folder, 'journal.db'),
      ICS_DEPLOYMENT: join(world.anvil.folder, 'deployment.json'),
      ICS_PIN_DIR: join(folder, 'pins'),
      ONEBOX_CONFIG_DIR: CONFIG,
      ...changes,
    }
    const ics = new Ics(folder, env, launch(env))
    await ics.listening()
    return ics
  }

  /** Ends the very process that serves. */
  async kill(signal: NodeJS.Signals = 'SIGKILL'): Promise<void> {
    if (this.child.exitCode !== null || this.child.signalCode !== null) return
    const gone = once(this.child, 'exit')
    this.child.kill(signal)
    await gone
  }

  /** Starts again on the same files. */
  async restart(): Promise<void> {
    await this.kill()
    this.child = launch(this.env)
    await this.listening()
  }

  async stop(): Promise<void> {
    await this.kill()
    await rm(this.folder, { recursive: true, force: true })
  }

  async ask(ask: Ask): Promise<Answer> {
    const answer = await this.open(ask)
    const text = await answer.text()
    const json = answer.headers.get('content-type')?.includes('json') ? (JSON.parse(text) as Json) : {}
    return { http: answer.status, key: answer.headers.get('intent-key') ?? '', text, lines: text.split('\n').slice(0, -1), json }
  }

  /** Sends the request and returns as soon as its headers are there. */
  open(ask: Ask, signal?: AbortSignal): Promise<Response> {
    const { intent, params, user = 'operator', confirm = true, meta = {} } = ask
    const body = { intent, params, confirm, meta: { userId: user, traceId: TRACE, ...meta } }
    const headers = { ...this.auth(), ...(confirm ? consent(ask, body) : {}), ...ask.headers }
    return fetch(this.url('/intents'), { method: 'POST', headers, body: JSON.stringify(body), ...(signal && { signal }) })
  }

  async status(key: string): Promise<IntentStatus> {
    return (await this.get(`/intents/${key}`)) as unknown as IntentStatus
  }

  async fence(key: string): Promise<IntentStatus> {
    const answer = await fetch(this.url(`/intents/${key}/fence`), { method: 'POST', headers: this.auth() })
    return (await answer.json()) as IntentStatus
  }

  async get(path: string): Promise<Json> {
    return (await (await fetch(this.url(path), { headers: this.auth() })).json()) as Json
  }

  url(path: string): string {
    return `http://127.0.0.1:${this.port}${path}`
  }

  /** Asks until the key has ended. */
  async ended(key: string): Promise<IntentStatus> {
    for (;;) {
      const status = await this.status(key)
      if (!['in_progress', 'unknown_key'].includes(status.outcome)) return status
      await sleep(50)
    }
  }

  private auth(): Record<string, string> {
    return { Authorization: `Bearer ${TOKEN}` }
  }

  private async listening(): Promise<void> {
    this.child.stderr?.on('data', (data: Buffer) => (this.log += data.toString()))
    const lines = createInterface({ input: this.child.stdout ?? process.stdin })
    const said = (await Promise.race([once(lines, 'line'), once(this.child, 'exit')])) as [string]
    if (typeof said[0] !== 'string') throw new Error(`the server ended: ${this.log}`)
    this.port = (JSON.parse(said[0]) as { port: number }).port
  }
}

/** A key that no test used before. */
export function freshKey(step = 'step', root = `run_${++made}`): string {
  return `${root}:${step}:0`
}

/** Masks what differs between runs. */
export function masked(text: string): string {
  return text
    .replace(/0x[0-9a-f]{64}/g, '<hash>')
    .replace(/0x[0-9a-fA-F]{40}/g, '<address>')
    .replace(/(Estimated gas[^:]*): [0-9]+/g, '$1: <gas>')
    .replace(/[0-9]{4}-[0-9]{2}-[0-9]{2}T[0-9:.]+Z/g, '<time>')
    .replace(/baf[a-z0-9]{40,}/g, '<cid>')
    .replace(/#[0-9]+/g, '#<n>')
    .replace(/ID:? [0-9]+/g, (found) => found.replace(/[0-9]+/, '<n>'))
}

function consent({ key = freshKey(), verdict, notAfter, intent, params }: Ask, { meta }: { meta: Json }): Record<string, string> {
  const [, step_id = '', gen = ''] = key.split(':')
  const digest = stepDigest({ plan_id: PLAN, step_id, gen: Number(gen), intent, params, meta })
  return {
    'Idempotency-Key': key,
    'Plan-Id': PLAN,
    'Step-Digest': digest,
    'Not-After': String(notAfter ?? Math.floor(Date.now() / 1000) + 30),
    ...(verdict === null ? {} : { 'Verdict-Ref': verdict ?? `approval:${PLAN}:${step_id}` }),
  }
}

function launch(env: Record<string, string>): ChildProcess {
  const { PATH = '', HOME = '' } = process.env
  const args = ['--import', 'tsx', 'src/server.ts']
  return spawn(process.execPath, args, { cwd: ICS, env: { PATH, HOME, ...env }, stdio: ['ignore', 'pipe', 'pipe'] })
}
