import { Rehearsal } from '../access/rehearsal.ts'
import { failureLine } from '../errors.ts'
import type { Context } from '../handlers/context.ts'
import type { IntentRow, NewIntent } from '../journal/intents.ts'
import { statusOfRow } from '../journal/intents.ts'
import type { Journal } from '../journal/journal.ts'
import type { PlanShare } from '../journal/plans.ts'
import type { Log } from '../log.ts'
import type { Meta, Tool } from '../schema.ts'
import { type Failure, type IntentStatus, type Json, blankStatus, statusOf } from '../status.ts'
import type { AnyCall } from './call.ts'
import { Driver } from './driver.ts'
import { DryRuns } from './dry.ts'
import { Transcript } from './transcript.ts'

const FENCED: Failure = { code: 'FENCED', message: 'The key was fenced before the request came: nothing ran.' }

/** Runs handlers, one call a key at a time, apart from whoever asked; what they say and do is in the journal. */
export class Engine {
  private readonly running = new Map<string, Transcript>()
  private readonly dry = new DryRuns()
  private readonly driver: Driver

  constructor(
    private readonly journal: Journal,
    private readonly context: Context,
    log: Log,
  ) {
    this.driver = new Driver(journal, context, log, this.dry)
  }

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
    void this.driver.drive(call, transcript, new Set(stored)).finally(() => {
      this.running.delete(call.key)
      transcript.end()
    })
    return transcript
  }

  private now(): Rehearsal {
    return new Rehearsal(this.context.chain)
  }
}
