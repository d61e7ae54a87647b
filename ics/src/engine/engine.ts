import { setTimeout as sleep } from 'node:timers/promises'
import { Jobs } from '../access/jobs.ts'
import { Rehearsal } from '../access/rehearsal.ts'
import { ChainUnavailable, isOutage } from '../access/revert.ts'
import { failureLine } from '../errors.ts'
import type { Call, Context } from '../handlers/context.ts'
import { receiptOf } from '../handlers/transact.ts'
import { isJournalFault } from '../journal/database.ts'
import type { IntentRow, NewIntent } from '../journal/intents.ts'
import { statusOfRow } from '../journal/intents.ts'
import type { Journal } from '../journal/journal.ts'
import type { PlanShare } from '../journal/plans.ts'
import { type Log, briefly } from '../log.ts'
import { route } from '../router.ts'
import { TOOLS, type Meta, type Tool } from '../schema.ts'
import { type Failure, type IntentStatus, type Json, type Result, blankStatus, statusOf } from '../status.ts'
import { DryRuns } from './dry.ts'
import { backOff, retryAfter } from './pace.ts'
import { Transcript } from './transcript.ts'

// How long a node may be away before a confirmed call that has sent nothing is given up.
const OUTAGE_MS = 60_000

const FENCED: Failure = { code: 'FENCED', message: 'The key was fenced before the request came: nothing ran.' }

/** What a handler is called with, before its tool's types are known. */
type AnyCall = { key: string; tool: Tool; params: Json; meta: Meta; planId: string | null; since: number } & Way
/** A dry call is rehearsed on a state of its own. */
type Way = { confirm: true } | { confirm: false; on: Rehearsal }

/** Runs handlers, one call a key at a time, apart from whoever asked; what they say and do is in the journal. */
export class Engine {
  private readonly running = new Map<string, Transcript>()
  private readonly dry = new DryRuns()

  constructor(
    private readonly journal: Journal,
    private readonly context: Context,
    private readonly log: Log,
  ) {}

  /** Runs a dry call; its outcome is kept in memory. */
  show(key: string, tool: Tool, params: Json, meta: Meta, on = this.now()): Transcript {
    return this.launch({ key, tool, params, meta, planId: null, confirm: false, on, since: Date.now() }, [])
  }

  /** The state that the chain would have after a dry run; undefined when that is not known. */
  after(key: string): Rehearsal | undefined {
    return this.dry.after(key)
  }

  /** Writes down a key that was never seen, with what it takes of its plan's budget. */
  begin(intent: NewIntent, share: PlanShare | undefined): void {
    this.journal.atomically(() => {
      this.journal.intents.begin(intent)
      if (share !== undefined) this.journal.plans.take(share)
    })
  }

  /** Ends a key that was never seen without running it. One transaction: a crash must not leave it to be resumed. */
  refuse(intent: NewIntent, error: Failure): Transcript {
    this.journal.atomically(() => {
      this.journal.intents.begin(intent)
      this.reject(intent.key, error)
    })
    return this.replay(intent.key)
  }

  /** Ends a dry run without running it. */
  showRefused(key: string, error: Failure): Transcript {
    const transcript = new Transcript([failureLine(error)])
    transcript.end()
    this.dry.put({ ...statusOf(key, { outcome: 'rejected', error }, 0), lines: transcript.count }, this.now())
    return transcript
  }

  /** Runs a known key, or joins its run. Nothing is awaited, so two requests cannot both launch. */
  enter(row: IntentRow): Transcript {
    const { key, tool, params, meta } = row
    const now = this.running.get(key)
    if (now !== undefined) return now
    if (tool === null || params === null || meta === null) return this.replay(key)
    const call = { key, tool, params, meta, planId: row.plan_id, confirm: true as const, since: row.created_at }
    return this.launch(call, this.journal.lines.of(key))
  }

  /** The run that a key has now. */
  live(key: string): Transcript | undefined {
    return this.running.get(key)
  }

  /** The stored lines of a key that has ended. */
  replay(key: string): Transcript {
    const transcript = new Transcript(this.journal.lines.of(key))
    transcript.end()
    return transcript
  }

  /** The typed outcome of a key. */
  status(key: string): IntentStatus {
    const row = this.journal.intents.find(key)
    if (row !== undefined) return statusOfRow(row, this.journal.lines.count(key))
    return this.dry.get(key) ?? blankStatus(key, this.running.has(key) ? 'in_progress' : 'unknown_key')
  }

  /** Makes sure that an unseen key can never run; gives the real state of a seen one. */
  fence(key: string): IntentStatus {
    this.journal.intents.fence(key, FENCED)
    return this.status(key)
  }

  /** A request that came after its key was fenced: `not_executed` becomes `rejected`, both prove that nothing moved. */
  refuseFenced(key: string): Transcript {
    this.journal.atomically(() => this.reject(key, FENCED))
    return this.replay(key)
  }

  private reject(key: string, error: Failure): void {
    this.journal.lines.append(key, failureLine(error))
    this.journal.intents.settle(statusOf(key, { outcome: 'rejected', error }, 0))
  }

  private launch(call: AnyCall, stored: string[]): Transcript {
    const transcript = new Transcript(stored)
    this.running.set(call.key, transcript)
    void this.drive(call, transcript, new Set(stored)).finally(() => {
      this.running.delete(call.key)
      transcript.end()
    })
    return transcript
  }

  private async drive(call: AnyCall, transcript: Transcript, known: Set<string>): Promise<void> {
    const release = await this.lockOf(call)
    try {
      await this.untilSettled(call, transcript, known)
    } catch (error) {
      this.log.fatal({ ...whoOf(call), err: error }, 'the call has no outcome')
    } finally {
      release()
    }
  }

  // Left alone, a call without an outcome would be in progress until the next start: nobody may enter it late.
  private async untilSettled(call: AnyCall, transcript: Transcript, known: Set<string>): Promise<void> {
    for (let tries = 0; ; tries++) {
      try {
        const heard = new Set([...known, ...this.journal.lines.of(call.key)])
        return this.settle(call, transcript, await this.attempts(call, transcript, heard))
      } catch (error) {
        if (!call.confirm || !isJournalFault(error)) throw error
        this.log.error({ ...whoOf(call), err: briefly(error) }, 'the journal does not take an outcome')
      }
      await sleep(backOff(tries))
    }
  }

  private async lockOf({ tool, meta, confirm }: AnyCall): Promise<() => void> {
    if (!confirm || TOOLS[tool].effect !== 'money') return () => undefined
    return this.context.locks.acquire(this.context.signerOf(meta.userId).address)
  }

  // With a transaction out the only honest way is on: the handler is entered until it can tell how that ended.
  private async attempts(call: AnyCall, transcript: Transcript, known: Set<string>): Promise<Result> {
    const end = performance.now() + OUTAGE_MS
    for (let tries = 0; ; tries++) {
      try {
        return await this.pump(call, transcript, known)
      } catch (error) {
        this.log[isOutage(error) ? 'warn' : 'error']({ ...whoOf(call), err: briefly(error) }, 'handler broke off')
        if (call.confirm && isJournalFault(error)) throw error
        if (!this.mayGoOn(call, isOutage(error) && performance.now() < end)) return this.broken(call, transcript, error)
      }
      for (const said of this.journal.lines.of(call.key)) known.add(said)
      await sleep(backOff(tries))
    }
  }

  // A node that is started again is no reason to fail a step that has sent nothing.
  private mayGoOn({ tool, key, confirm }: AnyCall, brief: boolean): boolean {
    if (!confirm || TOOLS[tool].effect !== 'money') return false
    return brief || this.journal.txes.ofKey(key).length > 0
  }

  private async pump(call: AnyCall, transcript: Transcript, known: Set<string>): Promise<Result> {
    const { key, tool, params, meta, confirm } = call
    const typed = { key, root: confirm ? rootOf(key) : null, params, meta, confirm } as Call<typeof tool>
    const lines = route(tool, typed, this.contextOf(call))
    for (;;) {
      const { done, value } = await lines.next()
      if (done) return value
      this.say(call, transcript, known, value)
    }
  }

  private contextOf(call: AnyCall): Context {
    if (call.confirm) return this.context
    const { chain, before } = call.on
    return { ...this.context, chain, before, jobs: new Jobs(chain, this.context.contracts) }
  }

  private now(): Rehearsal {
    return new Rehearsal(this.context.chain)
  }

  private say({ key, confirm }: AnyCall, transcript: Transcript, known: Set<string>, chunk: string): void {
    for (const text of chunk.split('\n').slice(0, -1)) {
      if (known.has(text)) continue
      if (confirm) this.journal.lines.append(key, text)
      transcript.append(text)
    }
  }

  private broken(call: AnyCall, transcript: Transcript, error: unknown): Result {
    const outage = isOutage(error)
    if (call.confirm && TOOLS[call.tool].effect === 'wait') {
      return { outcome: 'waiting', waitingFor: outage ? 'the node to answer' : 'a look that does not break off' }
    }
    const failure: Failure = outage
      ? { code: new ChainUnavailable().code, message: 'The node stopped answering; nothing was sent.', fix: 'Try again later.' }
      : { code: 'INTERNAL_ERROR', message: 'The handler broke off; nothing was sent.', fix: 'Look into the log of ICS.' }
    this.say(call, transcript, new Set(), `${failureLine(failure)}\n`)
    return { outcome: 'failed', error: failure, receipt: receiptOf(this.context, call.key) }
  }

  private settle(call: AnyCall, transcript: Transcript, result: Result): void {
    const { chainId } = this.context.contracts.deployment
    const status = { ...statusOf(call.key, result, retryAfter(Date.now() - call.since, chainId)), lines: transcript.count }
    if (call.confirm) this.journal.intents.settle(status)
    else this.dry.put(status, call.on.after(result.outcome === 'dry_run' ? (result.deeds ?? []) : []))
    this.log.info({ ...whoOf(call), outcome: status.outcome, code: status.error?.code }, 'call ended')
  }
}

/** What every log line of a call carries; a dry run belongs to no run and names no plan. */
export function whoOf({ key, tool, meta, planId }: { key: string; tool: Tool; meta: Meta; planId: string | null }) {
  const run = planId === null ? {} : { run_id: key.split(':')[0], plan_id: planId }
  return { key, ...run, tool, intent: TOOLS[tool].intent, user: meta.userId, trace_id: meta.traceId }
}

// Keys of child runs carry the root's id, so that a replay is not compared with its own first try.
function rootOf(key: string): string {
  return (key.split(':')[0] ?? '').replace(/~[0-9]+$/, '')
}
