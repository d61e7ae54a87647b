import type { Rehearsal } from '../access/rehearsal.ts'
import type { IntentStatus } from '../status.ts'

const KEPT = 1_000

/** How a dry run ended, and the state that the chain would have after it. */
type DryRun = { status: IntentStatus; after: Rehearsal }

/** Dry runs, in memory: the oldest go when there are too many. */
export class DryRuns {
  private readonly runs = new Map<string, DryRun>()

  put(status: IntentStatus, after: Rehearsal): void {
    this.runs.set(status.key, { status, after })
    if (this.runs.size <= KEPT) return
    for (const oldest of this.runs.keys()) return void this.runs.delete(oldest)
  }

  get(key: string): IntentStatus | undefined {
    return this.runs.get(key)?.status
  }

  /** The state after a dry run; undefined for one that is unknown, forgotten, or under way. */
  after(key: string): Rehearsal | undefined {
    return this.runs.get(key)?.after
  }
}
