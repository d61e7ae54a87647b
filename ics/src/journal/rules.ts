import { z } from 'zod'
import type { Database } from './database.ts'

const Row = z.object({ content: z.string().transform((text): unknown => JSON.parse(text)) })

/** Every policy and every fee under which ICS has run, by digest: a run goes on under those it was admitted with. */
export class RulesKept {
  constructor(private readonly db: Database) {}

  /** Kept for good; what is kept already stays. */
  keep(digest: string, content: unknown): void {
    this.db.run('INSERT OR IGNORE INTO rules VALUES (?, ?, ?)', digest, JSON.stringify(content), Date.now())
  }

  /** The content of a digest, undefined when this ICS has never run under it. */
  find(digest: string): unknown {
    return this.db.first(Row, 'SELECT content FROM rules WHERE digest = ?', digest)?.content
  }
}
