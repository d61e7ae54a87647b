import type { HDAccount } from 'viem/accounts'
import type { Actor } from '../access/actor.ts'
import type { Jobs } from '../access/jobs.ts'
import type { Contracts } from '../access/request.ts'
import type { Sender } from '../access/send.ts'
import type { Deed } from '../access/simulate.ts'
import type { AuditTrail } from '../audit.ts'
import type { Chain } from '../chain/client.ts'
import type { Fees } from '../chain/config.ts'
import type { Journal } from '../journal/journal.ts'
import type { Locks } from '../locks.ts'
import type { Moderation } from '../moderation.ts'
import type { Pins } from '../pins.ts'
import type { Meta, Params, Tool } from '../schema.ts'
import type { Result } from '../status.ts'

/** One call of a tool. `root` names the root run, null in a dry run; `confirm` false shows and does nothing. */
export type Call<T extends Tool> = { key: string; root: string | null; params: Params<T>; meta: Meta; confirm: boolean }

/** What handlers work with. */
export type Context = {
  chain: Chain
  /** Calls that a dry run comes after, which nobody has sent: `chain` and `jobs` read the state after them. */
  before: readonly Deed[]
  contracts: Contracts
  jobs: Jobs
  sender: Sender
  journal: Pick<Journal, 'specs' | 'intents'>
  pins: Pins
  moderation: Moderation
  /** What `fees.json` says. */
  fees: Fees
  /** Where changes of settings are recorded. */
  audit: AuditTrail
  /** Held by an intent while it uses its signer. */
  locks: Locks
  /** The user's key; whom the contracts see is the actor. */
  signerOf(userId: string): HDAccount
  /** Who acts for the user of a call, by the road of its txMode. Throws Rejected (TXMODE_UNSUPPORTED). */
  actorOf(meta: Meta): Promise<Actor>
}

/** True when a call has sent something: what was checked beforehand cannot be checked again then. */
export function begun({ key }: Call<Tool>, { sender }: Context): boolean {
  return sender.ofKey(key).length > 0
}

/** Yields newline-ended lines and returns how the call ended. May throw Rejected; other errors are ours. */
export type Handler<T extends Tool> = (call: Call<T>, context: Context) => AsyncGenerator<string, Result>
