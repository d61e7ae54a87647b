import { mkdirSync } from 'node:fs'
import { dirname } from 'node:path'
import Libsql from 'libsql'
import { z } from 'zod'

const TABLES = `
CREATE TABLE IF NOT EXISTS intent (
  key TEXT PRIMARY KEY, digest TEXT, tool TEXT, params TEXT, meta TEXT, plan_id TEXT, verdict_ref TEXT,
  outcome TEXT, outputs TEXT, error TEXT, receipt TEXT, waiting_for TEXT, retry_after INTEGER,
  gas TEXT, fee_wei TEXT, created_at INTEGER NOT NULL, updated_at INTEGER NOT NULL);
CREATE INDEX IF NOT EXISTS intent_open ON intent (created_at) WHERE outcome IS NULL;
CREATE TABLE IF NOT EXISTS line (key TEXT NOT NULL, n INTEGER NOT NULL, text TEXT NOT NULL, PRIMARY KEY (key, n));
CREATE TABLE IF NOT EXISTS tx (
  key TEXT NOT NULL, ordinal INTEGER NOT NULL, signer TEXT NOT NULL, nonce INTEGER NOT NULL, hash TEXT NOT NULL,
  raw TEXT NOT NULL, state TEXT NOT NULL, block INTEGER, PRIMARY KEY (key, ordinal));
CREATE UNIQUE INDEX IF NOT EXISTS tx_nonce ON tx (signer, nonce) WHERE state <> 'replaced';
CREATE INDEX IF NOT EXISTS tx_block ON tx (block);
CREATE TABLE IF NOT EXISTS identity (
  one INTEGER PRIMARY KEY CHECK (one = 1), chain_id INTEGER NOT NULL, genesis_hash TEXT NOT NULL,
  deployment_block INTEGER NOT NULL, deployment_hash TEXT NOT NULL, highest INTEGER NOT NULL, highest_hash TEXT NOT NULL);
CREATE TABLE IF NOT EXISTS spec (
  key TEXT PRIMARY KEY, root TEXT NOT NULL, title TEXT, fingerprint TEXT NOT NULL, shingles TEXT NOT NULL,
  created_at INTEGER NOT NULL);
CREATE TABLE IF NOT EXISTS rules (digest TEXT PRIMARY KEY, content TEXT NOT NULL, kept_at INTEGER NOT NULL);
CREATE TABLE IF NOT EXISTS plan (plan_id TEXT PRIMARY KEY, tenant TEXT NOT NULL, max TEXT NOT NULL, seen_at INTEGER NOT NULL);
CREATE TABLE IF NOT EXISTS share (key TEXT PRIMARY KEY, plan_id TEXT NOT NULL, amount TEXT NOT NULL);
CREATE INDEX IF NOT EXISTS share_plan ON share (plan_id);
`
// Columns that came after the first journals were written.
const LATER = [
  `form TEXT NOT NULL DEFAULT 'transaction'`,
  'carrier TEXT',
]

type Value = string | number | null

/** True when the journal's file could not be read or written: a full disk, for instance. */
export function isJournalFault(error: unknown): boolean {
  return error instanceof Libsql.SqliteError
}

/** One SQLite file; every statement is durable when it returns. */
export class Database {
  private readonly db: Libsql.Database
  private readonly statements = new Map<string, Libsql.Statement>()

  /** Opens or makes the file and its tables. Errors: libsql's. */
  constructor(path: string) {
    mkdirSync(dirname(path), { recursive: true })
    this.db = new Libsql(path)
    this.db.pragma('journal_mode = WAL')
    this.db.pragma('synchronous = FULL')
    this.db.pragma('busy_timeout = 2000')
    this.db.exec(TABLES)
    this.widen()
  }

  /** Runs a statement; returns how many rows it changed. */
  run(sql: string, ...values: Value[]): number {
    return this.prepared(sql).run(...values).changes
  }

  /** The first row, or undefined. Errors: ZodError when the row has another shape. */
  first<T>(schema: z.ZodType<T>, sql: string, ...values: Value[]): T | undefined {
    const row = this.prepared(sql).get(...values)
    return row === undefined ? undefined : schema.parse(row)
  }

  /** All rows. Errors as {@link first}. */
  all<T>(schema: z.ZodType<T>, sql: string, ...values: Value[]): T[] {
    return this.prepared(sql).all(...values).map((row) => schema.parse(row))
  }

  /** Runs all of it or nothing of it. */
  atomically<T>(work: () => T): T {
    return this.db.transaction(work).immediate()
  }

  private widen(): void {
    const there = this.all(z.object({ name: z.string() }), `SELECT name FROM pragma_table_info('tx')`).map(({ name }) => name)
    const missing = LATER.filter((column) => !there.includes(column.split(' ')[0] ?? ''))
    for (const column of missing) this.db.exec(`ALTER TABLE tx ADD COLUMN ${column}`)
  }

  private prepared(sql: string): Libsql.Statement {
    const known = this.statements.get(sql) ?? this.db.prepare(sql)
    this.statements.set(sql, known)
    return known
  }
}
