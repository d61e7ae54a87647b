import { z } from 'zod'
import type { Database } from './database.ts'

const Row = z.object({ text: z.string() })
const Count = z.object({ n: z.number() })

/** What each key's handler said, in order, without the newlines. */
export class Lines {
  constructor(private readonly db: Database) {}

  of(key: string): string[] {
    return this.db.all(Row, 'SELECT text FROM line WHERE key = ? ORDER BY n', key).map((row) => row.text)
  }

  append(key: string, text: string): void {
    const next = '(SELECT coalesce(max(n) + 1, 1) FROM line WHERE key = ?)'
    this.db.run(`INSERT INTO line (key, n, text) VALUES (?, ${next}, ?)`, key, key, text)
  }

  count(key: string): number {
    return this.db.first(Count, 'SELECT count(*) AS n FROM line WHERE key = ?', key)?.n ?? 0
  }
}
