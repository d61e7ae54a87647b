import type { Actor, Fate } from '../access/actor.ts'
import type { Sender } from '../access/send.ts'
import type { TxRow } from '../journal/txes.ts'
import { line } from '../lines.ts'

/**
 * Waits for what became of a call and names its transactions: ours when it is sent, and whichever carried the call
 * when that is another one, a bundler's or a stranger's. An operation's own hash is none of a transaction.
 */
export async function* carried(sender: Sender, actor: Actor, tx: TxRow): AsyncGenerator<string, Fate | 'open'> {
  if (tx.form === 'transaction') yield submitted(tx.hash)
  const fate = await sender.settle(actor, tx)
  const by = fate === 'open' ? undefined : fate.receipt?.transactionHash
  if (by !== undefined && by !== tx.hash) yield submitted(by)
  return fate
}

function submitted(hash: string): string {
  return line(`⛓️ Tx submitted: ${hash}`)
}
