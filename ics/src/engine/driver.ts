import { setTimeout as sleep } from 'node:timers/promises'
import { Jobs } from '../access/jobs.ts'
import { ChainUnavailable, isOutage } from '../access/revert.ts'
import { failureLine } from '../errors.ts'
import type { Call, Context } from '../handlers/context.ts'
import { receiptOf } from '../handlers/transact.ts'
import { isJournalFault } from '../journal/database.ts'
import type { Journal } from '../journal/journal.ts'
import { type Log, briefly } from '../log.ts'
import { route } from '../router.ts'
import { TOOLS } from '../schema.ts'
import { type Failure, type Result, statusOf } from '../status.ts'
import { type AnyCall, rootOf, whoOf } from './call.ts'
import type { DryRuns } from './dry.ts'
import { backOff, retryAfter } from './pace.ts'
import type { Transcript } from './transcript.ts'

// How long a node may be away before a confirmed call that has sent nothing is given up.
const OUTAGE_MS = 60_000

/** Enters a call's handler, again where that may be, until its outcome is stored. */
export class Driver {
  constructor(
    private readonly journal: Journal,
    private readonly context: Context,
    private readonly log: Log,
    private readonly dry: DryRuns,
  ) {}

  /** Ends with an outcome in the journal (a dry call: in `dry`), whatever the handler throws. */
  async drive(call: AnyCall, transcript: Transcript, known: Set<string>): Promise<void> {
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
