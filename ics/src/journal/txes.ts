import type { Hex } from 'viem'
import { z } from 'zod'
import type { Database } from './database.ts'

const hex = () => z.string().transform((text) => text as Hex)
const Row = z.object({
  key: z.string(),
  ordinal: z.number(),
  signer: z.string(),
  nonce: z.number(),
  hash: hex(),
  raw: hex(),
  form: z.enum(['transaction', 'operation']),
  carrier: hex().nullable(),
  state: z.enum(['signed', 'mined', 'reverted', 'replaced']),
  block: z.number().nullable(),
})
/**
 * One signed transaction; `ordinal` counts those of its key, `block` is null until it is settled. Of the form
 * `operation` it is what a bundler takes: signer and nonce are the smart account's, hash is the operation's, and raw is
 * the unsigned transaction that would carry it. `carrier` is the transaction that did, where it is not this one.
 */
export type TxRow = z.infer<typeof Row>
export type NewTx = Omit<TxRow, 'state' | 'block' | 'carrier'>

/** Everything that ICS ever signed, written before it leaves. */
export class Txes {
  constructor(private readonly db: Database) {}

  find(key: string, ordinal: number): TxRow | undefined {
    return this.db.first(Row, 'SELECT * FROM tx WHERE key = ? AND ordinal = ?', key, ordinal)
  }

  /** In the order they were signed. */
  ofKey(key: string): TxRow[] {
    return this.db.all(Row, 'SELECT * FROM tx WHERE key = ? ORDER BY ordinal', key)
  }

  /** Durable when it returns. */
  add({ key, ordinal, signer, nonce, hash, raw, form }: NewTx): void {
    const sql = `INSERT INTO tx (key, ordinal, signer, nonce, hash, raw, form, state) VALUES (?, ?, ?, ?, ?, ?, ?, 'signed')`
    this.db.run(sql, key, ordinal, signer, nonce, hash, raw, form)
  }

  /** The same call in another transaction, after the first one could carry it no more. Durable when it returns. */
  replace({ key, ordinal, signer, nonce, hash, raw, form }: NewTx): void {
    const sql = `UPDATE tx SET signer = ?, nonce = ?, hash = ?, raw = ?, form = ?, state = 'signed', block = NULL
      WHERE key = ? AND ordinal = ?`
    this.db.run(sql, signer, nonce, hash, raw, form, key, ordinal)
  }

  settle(hash: Hex, state: 'mined' | 'reverted' | 'replaced', block: number | null): void {
    this.db.run('UPDATE tx SET state = ?, block = ? WHERE hash = ?', state, block, hash)
  }

  /** Its call took effect, or failed for good, in another transaction of this hash. */
  carried(hash: Hex, carrier: Hex, block: number): void {
    this.db.run('UPDATE tx SET carrier = ?, block = ? WHERE hash = ?', carrier, block, hash)
  }

  /** Signed, fate unknown; by nonce, so that sending them in order leaves no gap. */
  unsettled(): TxRow[] {
    return this.db.all(Row, `SELECT * FROM tx WHERE state = 'signed' ORDER BY signer, nonce`)
  }

  /** Those that were seen in a block from this one on. */
  since(block: number): TxRow[] {
    return this.db.all(Row, 'SELECT * FROM tx WHERE block >= ? ORDER BY signer, nonce', block)
  }

  /** The nonce after the last one that this signer used with a fate still unknown; 0 for none. */
  nextNonce(signer: string): number {
    const sql = `SELECT coalesce(max(nonce) + 1, 0) AS next FROM tx WHERE signer = ? AND state = 'signed'`
    return this.db.first(z.object({ next: z.number() }), sql, signer)?.next ?? 0
  }
}
