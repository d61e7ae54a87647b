import { z } from 'zod'
import type { Database } from './database.ts'

const Row = z.object({
  root: z.string(),
  title: z.string().nullable(),
  fingerprint: z.string(),
  shingles: z.string().transform((text) => new Set(z.array(z.string()).parse(JSON.parse(text)))),
})
/** A screened specification: whose run it was of, and what it is compared by. */
export type SpecRow = z.infer<typeof Row>
export type NewSpec = { key: string; root: string; title: string | null; fingerprint: string; shingles: Set<string> }

// Comparing is linear: beyond this many a plagiarised text is old enough to be someone else's problem.
const COMPARED = 2_000

export class Specs {
  constructor(private readonly db: Database) {}

  add({ key, root, title, fingerprint, shingles }: NewSpec): void {
    const sql = 'INSERT OR IGNORE INTO spec VALUES (?, ?, ?, ?, ?, ?)'
    this.db.run(sql, key, root, title, fingerprint, JSON.stringify([...shingles]), Date.now())
  }

  /** The latest ones of other runs than this root's, newest first. */
  ofOthers(root: string | null): SpecRow[] {
    const sql = 'SELECT * FROM spec WHERE root <> ? ORDER BY created_at DESC LIMIT ?'
    return this.db.all(Row, sql, root ?? '', COMPARED)
  }
}
