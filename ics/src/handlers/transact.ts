import { type TransactionReceipt, zeroHash } from 'viem'
import type { Actor, Fate } from '../access/actor.ts'
import type { Request } from '../access/request.ts'
import { type Simulated, simulate } from '../access/simulate.ts'
import { failureLine } from '../errors.ts'
import type { TxRow } from '../journal/txes.ts'
import { DRY_RUN_DONE, block, line } from '../lines.ts'
import type { Tool } from '../schema.ts'
import type { Cost, Failure, Json, Payout, Receipt, Result } from '../status.ts'
import { type Call, type Context, begun } from './context.ts'
import { carried } from './carried.ts'
import { type Logged, transfersOf } from './events.ts'

/** What a mined call brought: typed outputs, who was paid, and the ✅ sentence. */
export type Done = { outputs: Json; payouts?: Payout[]; says: string }

/** One call of a contract that an intent makes, with the approval that it needs. */
export type Deal = {
  /** "Create job": the title of the preview. */
  title: string
  bullets(shown: Simulated): string[]
  /** Base units that the stake manager will take; approved exactly when the allowance is short. */
  spend?: bigint
  request: Request
  /** The outputs that are known beforehand, told by a dry run. */
  expected: Json | null
  /** May ask the chain what it is now; it is asked again when the node goes away meanwhile. */
  done(receipt: Logged): Done | Promise<Done>
  /** True where `done` reads the events alone: then a simulated transaction tells its outputs too. */
  byEvents?: true
  cids?: string[]
}

// The ordinals are by purpose: a resumed call must find its own transaction whatever it has done before.
const APPROVAL = 0
const MAIN = 1

/** Shows a deal by simulating it and, when confirmed, does it: approval first, then the call. Throws Rejected. */
export async function* transact<T extends Tool>(call: Call<T>, context: Context, deal: Deal): AsyncGenerator<string, Result> {
  const actor = await context.actorOf(call.meta)
  // One block for the allowance and the simulation: another call of this signer may be between its own two.
  const head = await context.chain.getBlock()
  const approval = await approvalFor(context, actor, deal, call.key, head.number)
  // What was sent cannot be simulated any more; its preview is in the transcript.
  if (!begun(call, context)) {
    const shown = await simulate(context.chain, actor.caller, [...approval, deal.request], head, context.before)
    yield block(`🔍 ${deal.title} dry-run (${actor.mode})`, deal.bullets(shown))
    if (!call.confirm) {
      yield DRY_RUN_DONE
      return await foretold(context, actor, deal, shown)
    }
  }
  for (const request of approval) {
    const failure = yield* one(context, actor, await context.sender.submit(call.key, APPROVAL, actor, request))
    if (failure.error !== undefined) return yield* failed(context, call.key, failure.error)
  }
  const sent = yield* one(context, actor, await context.sender.submit(call.key, MAIN, actor, deal.request))
  if (sent.error !== undefined) return yield* failed(context, call.key, sent.error)
  return yield* executed(context, call.key, actor, deal, sent.receipt)
}

const UNTOLD: Done = { outputs: {}, says: '' }

// A simulated deal tells its events like a mined one; what only they tell may come out differently.
async function foretold(context: Context, { address }: Actor, deal: Deal, shown: Simulated): Promise<Result> {
  const { logs, cost, deeds } = shown
  const { outputs, payouts = [] } = deal.byEvents ? await deal.done({ logs, transactionHash: zeroHash }) : UNTOLD
  const { tx: _none, ...told } = outputs
  const predicted = Object.keys(told).filter((name) => !(name in (deal.expected ?? {})))
  const receipt = { txes: [], cids: deal.cids ?? [], payouts, transfers: transfersOf(context, address, logs, payouts) }
  return { outcome: 'dry_run', outputs: { ...told, ...deal.expected }, cost, predicted, receipt, deeds }
}

async function approvalFor(context: Context, actor: Actor, deal: Deal, key: string, at: bigint): Promise<Request[]> {
  if (deal.spend === undefined) return []
  const spender = context.contracts.where('stakeManager')
  const approval = context.contracts.request('token', 'approve', [spender, deal.spend])
  if (context.sender.ofKey(key).some(({ ordinal }) => ordinal === APPROVAL)) return [approval]
  return (await allowanceOf(context, actor, at)) < deal.spend ? [approval] : []
}

/** Base units that the stake manager may take of an actor, at a block or now. */
export async function allowanceOf({ chain, contracts }: Context, { address }: Actor, at?: bigint): Promise<bigint> {
  const request = contracts.request('token', 'allowance', [address, contracts.where('stakeManager')])
  return (await chain.readContract({ ...request, ...(at === undefined ? {} : { blockNumber: at }) })) as bigint
}

async function* one({ sender }: Context, actor: Actor, tx: TxRow): AsyncGenerator<string, Fate> {
  for (let row = tx; ; row = await sender.carryAgain(actor, row)) {
    const fate = yield* carried(sender, actor, row)
    if (fate !== 'open') return fate
  }
}

async function* failed(context: Context, key: string, error: Failure): AsyncGenerator<string, Result> {
  yield line(failureLine(error))
  return { outcome: 'failed', error, receipt: receiptOf(context, key) }
}

async function* executed(
  context: Context,
  key: string,
  { address }: Actor,
  deal: Deal,
  mined: TransactionReceipt,
): AsyncGenerator<string, Result> {
  const { outputs, payouts = [], says } = await deal.done(mined)
  yield line(`✅ ${says}`)
  const transfers = transfersOf(context, address, mined.logs, payouts)
  const receipt = { ...receiptOf(context, key), cids: deal.cids ?? [], payouts, transfers }
  return { outcome: 'executed', outputs, receipt, cost: costOf(mined) }
}

/** The transactions that carried the calls of a key, or are to carry them; an operation has none until one did. */
export function receiptOf({ sender }: Context, key: string): Receipt {
  const txes = sender.ofKey(key).map(({ form, hash, carrier }) => carrier ?? (form === 'transaction' ? hash : null))
  return { txes: txes.filter((hash) => hash !== null), cids: [], payouts: [] }
}

function costOf({ gasUsed, effectiveGasPrice }: TransactionReceipt): Cost {
  return { gas: gasUsed.toString(), feeWei: (gasUsed * effectiveGasPrice).toString() }
}
