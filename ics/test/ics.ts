import { type ChildProcess, execFileSync, spawn } from 'node:child_process'
import { once } from 'node:events'
import { cp, mkdtemp, readFile, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { createInterface } from 'node:readline'
import { setTimeout as sleep } from 'node:timers/promises'
import { fileURLToPath } from 'node:url'
import { stepDigest } from '../src/canonical.ts'
import { readRules } from '../src/rules.ts'
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
  plan?: string
  /** What the headers of the rules say; undefined leaves one out. */
  rules?: Partial<RuleHeaders>
  meta?: Json
  headers?: Record<string, string>
}
/** What came back: the raw text of a stream, or the JSON of a refusal. */
export type Answer = { http: number; key: string; text: string; lines: string[]; json: Json }

/** The headers by which a call names the rules that it was admitted under. */
export type RuleHeaders = Record<'Tenant' | 'Policy-Digest' | 'Fees-Digest' | 'Plan-Max', string | undefined>

let made = 0

/** Lets a process write no byte more into any file, or again as many as it wants; Linux only. */
export function fillDiskOf(child: ChildProcess, full: boolean): void {
  execFileSync('prlimit', ['--pid', String(child.pid), `--fsize=${full ? '0' : 'unlimited'}:`])
}

/** A server process of its own with its journal, on a world's chain. */
export class Ics {
  port = 0
  log = ''
  private constructor(
    readonly folder: string,
    readonly env: Record<string, string>,
    private child: ChildProcess,
    /** What an honest caller says of the rules that this server was first started under. */
    readonly rules: RuleHeaders,
  ) {}

  static async start(world: World, changes: Record<string, string> = {}): Promise<Ics> {
    const folder = await mkdtemp(join(tmpdir(), 'onebox-ics-'))
    const env = {
      RPC_URL: world.anvil.url,
      ICS_TOKEN: TOKEN,
      ICS_JOURNAL: join(folder, 'journal.db'),
      ICS_DEPLOYMENT: join(world.anvil.folder, 'deployment.json'),
      ICS_PIN_DIR: join(folder, 'pins'),
      ONEBOX_CONFIG_DIR: await roomy(join(folder, 'config')),
      ...changes,
    }
    const rules = await rulesOf(env)
    const ics = new Ics(folder, env, launch(env), rules)
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

  /** Lets the server write no byte more into any file, or again as many as it wants; Linux only. */
  fillDisk(full: boolean): void {
    fillDiskOf(this.child, full)
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
    const rules = confirm ? { ...this.rules, ...ask.rules } : (ask.rules ?? {})
    const headers = { ...this.auth(), ...(confirm ? consent(ask, body) : {}), ...said(rules), ...ask.headers }
    return fetch(this.url('/intents'), { method: 'POST', headers, body: JSON.stringify(body), ...(signal && { signal }) })
  }

  /** Sends a request whose meta was altered after its digest was taken. */
  async altered(ask: Ask, meta: Json): Promise<{ http: number; json: Json }> {
    const { intent, params, user = 'operator' } = ask
    const body = { intent, params, confirm: true, meta: { userId: user, traceId: TRACE, ...ask.meta } }
    const headers = { ...this.auth(), ...consent(ask, body), ...said(this.rules) }
    const sent = JSON.stringify({ ...body, meta: { ...body.meta, ...meta } })
    const answer = await fetch(this.url('/intents'), { method: 'POST', headers, body: sent })
    return { http: answer.status, json: answer.ok ? {} : ((await answer.json()) as Json) }
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

// More than any chain can count: what the tests ask for is for the chain to refuse.
const ROOM = '9'.repeat(30)

/** A config folder whose daily maximum leaves room for a whole test file. */
async function roomy(folder: string): Promise<string> {
  await cp(CONFIG, folder, { recursive: true })
  const file = join(folder, 'policies.default.json')
  const policy = JSON.parse(await readFile(file, 'utf8')) as { budget: Json }
  await writeFile(file, JSON.stringify({ ...policy, budget: { ...policy.budget, dailyMax: ROOM } }))
  return folder
}

/** The headers of a run that was admitted under the rules of a server's settings. */
export async function rulesOf(env: Record<string, string>): Promise<RuleHeaders> {
  const { ONEBOX_CONFIG_DIR: folder = CONFIG, ONEBOX_FEE_PCT: feePct } = env
  const { policy, fees } = await readRules(folder, feePct === undefined ? {} : { feePct: Number(feePct) })
  return { Tenant: 'acme', 'Policy-Digest': policy.digest, 'Fees-Digest': fees.digest, 'Plan-Max': ROOM }
}

function said(headers: Partial<RuleHeaders>): Record<string, string> {
  return Object.fromEntries(Object.entries(headers).filter((pair): pair is [string, string] => pair[1] !== undefined))
}

function consent({ key = freshKey(), plan = PLAN, verdict, notAfter, intent, params }: Ask, { meta }: { meta: Json }): Record<string, string> {
  const [, step_id = '', gen = ''] = key.split(':')
  const digest = stepDigest({ plan_id: plan, step_id, gen: Number(gen), intent, params, meta })
  return {
    'Idempotency-Key': key,
    'Plan-Id': plan,
    'Step-Digest': digest,
    'Not-After': String(notAfter ?? Math.floor(Date.now() / 1000) + 30),
    ...(verdict === null ? {} : { 'Verdict-Ref': verdict ?? `approval:${plan}:${step_id}` }),
  }
}

function launch(env: Record<string, string>): ChildProcess {
  const { PATH = '', HOME = '' } = process.env
  const args = ['--import', 'tsx', 'src/server.ts']
  return spawn(process.execPath, args, { cwd: ICS, env: { PATH, HOME, ...env }, stdio: ['ignore', 'pipe', 'pipe'] })
}
