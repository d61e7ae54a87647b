import type { IntentStatus } from '../status.ts'

const KEPT = 1_000

/** Outcomes of dry runs, in memory: the oldest go when there are too many. */
export class DryRuns {
  private readonly statuses = new Map<string, IntentStatus>()

  put(status: IntentStatus): void {
    this.statuses.set(status.key, status)
    if (this.statuses.size <= KEPT) return
    for (const oldest of this.statuses.keys()) return void this.statuses.delete(oldest)
  }

  get(key: string): IntentStatus | undefined {
    return this.statuses.get(key)
  }
}
