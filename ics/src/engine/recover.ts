import type { Miner } from '../access/mined.ts'
import type { IntentRow } from '../journal/intents.ts'
import type { Journal } from '../journal/journal.ts'
import type { Log } from '../log.ts'
import { TOOLS } from '../schema.ts'
import { blankStatus } from '../status.ts'
import { whoOf } from './call.ts'
import type { Engine } from './engine.ts'

/**
 * What a process does first on a chain that the guard passed: sends the same bytes of every unsettled transaction
 * again, then finishes every key that a crash cut off. Looks are not resumed: whoever waits looks again.
 */
export async function recover(journal: Journal, miner: Miner, engine: Engine, log: Log): Promise<void> {
  const unsettled = journal.txes.unsettled()
  for (const tx of unsettled.filter(({ form }) => form === 'transaction')) await miner.broadcast(tx)
  // An account has one open operation at most, so no order matters; a bundler that hangs is waited for once.
  await Promise.all(unsettled.filter(({ form }) => form === 'operation').map((tx) => miner.broadcast(tx)))
  for (const row of journal.intents.unfinished()) {
    log.warn(whoIs(row), 'key was cut off')
    if (row.tool !== null && TOOLS[row.tool].effect === 'wait') {
      journal.intents.settle({ ...blankStatus(row.key, 'waiting'), waiting_for: 'the next look', retry_after: 1 })
    } else engine.enter(row)
  }
}

function whoIs({ key, tool, meta, plan_id: planId }: IntentRow) {
  return tool === null || meta === null ? { key } : whoOf({ key, tool, meta, planId })
}
