import { Database } from './database.ts'
import { Identity } from './identity.ts'
import { Intents } from './intents.ts'
import { Lines } from './lines.ts'
import { lockJournal } from './lock.ts'
import { Plans } from './plans.ts'
import { RulesKept } from './rules.ts'
import { Specs } from './specs.ts'
import { Txes } from './txes.ts'

/** The durable record of what ICS was asked and did. */
export type Journal = {
  intents: Intents
  lines: Lines
  txes: Txes
  identity: Identity
  specs: Specs
  plans: Plans
  rules: RulesKept
  /** Runs all of it or nothing of it. */
  atomically<T>(work: () => T): T
}

/**
 * Opens a journal for this process alone.
 *
 * @throws JournalBusy when another process writes it; libsql's errors
 */
export async function openJournal(path: string): Promise<Journal> {
  await lockJournal(path)
  const db = new Database(path)
  return {
    intents: new Intents(db),
    lines: new Lines(db),
    txes: new Txes(db),
    identity: new Identity(db),
    specs: new Specs(db),
    plans: new Plans(db),
    rules: new RulesKept(db),
    atomically: (work) => db.atomically(work),
  }
}
