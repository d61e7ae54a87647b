import { z } from 'zod'
import type { Database } from './database.ts'

const units = () => z.string().transform((digits) => BigInt(digits))
const Row = z.object({ tenant: z.string(), max: units() })
const Share = z.object({ amount: units() })
/** Whose plan it is and what it may move in all, in base units: fixed by its first money call. */
export type PlanRow = z.infer<typeof Row>
/** What one key takes out of its plan's budget, in base units. */
export type PlanShare = PlanRow & { planId: string; key: string; amount: bigint }

const BACK = "('rejected', 'failed', 'not_executed')"

/** What each plan may move, and what its keys have taken of it. */
export class Plans {
  constructor(private readonly db: Database) {}

  find(planId: string): PlanRow | undefined {
    return this.db.first(Row, 'SELECT tenant, max FROM plan WHERE plan_id = ?', planId)
  }

  /** Base units taken by the plan's keys; those that are proved to have moved nothing gave theirs back. */
  moved(planId: string): bigint {
    const sql = `SELECT amount FROM share JOIN intent USING (key)
      WHERE share.plan_id = ? AND (outcome IS NULL OR outcome NOT IN ${BACK})`
    return this.db.all(Share, sql, planId).reduce((sum, { amount }) => sum + amount, 0n)
  }

  /** Fixes the plan by its first money call, and writes down what the key takes. */
  take({ planId, tenant, max, key, amount }: PlanShare): void {
    this.db.run('INSERT OR IGNORE INTO plan VALUES (?, ?, ?, ?)', planId, tenant, max.toString(), Date.now())
    this.db.run('INSERT INTO share VALUES (?, ?, ?)', key, planId, amount.toString())
  }
}
