import { z } from 'zod'
import type { Meta, Tool } from '../schema.ts'
import { type Failure, type IntentStatus, type Json, type Outcome, blankStatus } from '../status.ts'
import type { Database } from './database.ts'

const parsed = <T>() => z.string().nullable().transform((text) => (text === null ? null : (JSON.parse(text) as T)))
const Row = z.object({
  key: z.string(),
  digest: z.string().nullable(),
  tool: z.string().nullable().transform((name) => name as Tool | null),
  params: parsed<Json>(),
  meta: parsed<Meta>(),
  plan_id: z.string().nullable(),
  outcome: z.string().nullable().transform((word) => word as Outcome | null),
  outputs: parsed<Json>(),
  error: parsed<Failure>(),
  receipt: parsed<NonNullable<IntentStatus['receipt']>>(),
  waiting_for: z.string().nullable(),
  retry_after: z.number().nullable(),
  gas: z.string().nullable(),
  fee_wei: z.string().nullable(),
  created_at: z.number(),
})
/** One key's row; `outcome` is null while its handler runs, `tool` null for a tombstone; times are unix ms. */
export type IntentRow = z.infer<typeof Row>

/** What is known of a key when it is first seen. */
export type NewIntent = {
  key: string
  digest: string
  tool: Tool
  params: Json
  meta: Meta
  planId: string
  verdictRef: string | null
}

/** The keys that ICS has seen, and how each ended. */
export class Intents {
  constructor(private readonly db: Database) {}

  find(key: string): IntentRow | undefined {
    return this.db.first(Row, 'SELECT * FROM intent WHERE key = ?', key)
  }

  /** Writes a key down before its handler begins; false when it was there. */
  begin(intent: NewIntent): boolean {
    const { key, digest, tool, params, meta, planId, verdictRef } = intent
    const sql = `INSERT OR IGNORE INTO intent (key, digest, tool, params, meta, plan_id, verdict_ref, created_at, updated_at)
      VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?)`
    const facts = [digest, tool, JSON.stringify(params), JSON.stringify(meta), planId, verdictRef]
    return this.db.run(sql, key, ...facts, Date.now(), Date.now()) === 1
  }

  /** Writes down how a call ended. */
  settle(status: IntentStatus): void {
    const { outcome, waiting_for, retry_after, gas, fee_wei, key } = status
    const sql = `UPDATE intent SET outcome = ?, outputs = ?, error = ?, receipt = ?, waiting_for = ?, retry_after = ?,
      gas = ?, fee_wei = ?, updated_at = ? WHERE key = ?`
    const facts = [text(status.outputs), text(status.error), text(status.receipt), waiting_for, retry_after]
    this.db.run(sql, outcome, ...facts, gas, fee_wei, Date.now(), key)
  }

  /** Makes sure that a key never seen can never run; false when it was seen. */
  fence(key: string, error: Failure): boolean {
    const sql = `INSERT OR IGNORE INTO intent (key, outcome, error, created_at, updated_at) VALUES (?, 'not_executed', ?, ?, ?)`
    return this.db.run(sql, key, JSON.stringify(error), Date.now(), Date.now()) === 1
  }

  /** Keys whose handler was cut off, those with transactions first: their nonces come before any new one. */
  unfinished(): IntentRow[] {
    const sql = `SELECT * FROM intent WHERE outcome IS NULL
      ORDER BY (SELECT count(*) FROM tx WHERE tx.key = intent.key) = 0, created_at, rowid`
    return this.db.all(Row, sql)
  }

  /** What the executed `create_job` of a run's root posted, if it did. */
  jobOf(root: string): string | undefined {
    const sql = `SELECT * FROM intent WHERE tool = 'job.post' AND outcome = 'executed' AND key LIKE ? ESCAPE '!' LIMIT 1`
    const row = this.db.first(Row, sql, `${root.replace(/[%_!]/g, '!$&')}:%`)
    const jobId = row?.outputs?.['jobId']
    return typeof jobId === 'string' ? jobId : undefined
  }
}

/** The typed outcome that a row stands for; a running one is in progress. */
export function statusOfRow(row: IntentRow, lines: number): IntentStatus {
  const { outputs, error, receipt, digest, waiting_for, retry_after, gas, fee_wei } = row
  const status = blankStatus(row.key, row.outcome ?? 'in_progress')
  return { ...status, outputs, error, receipt, digest, lines, waiting_for, retry_after, gas, fee_wei }
}

function text(value: unknown): string | null {
  return value === null ? null : JSON.stringify(value)
}
