import { Rejected, failureLine } from './errors.ts'
import { setParameter } from './handlers/admin_set.ts'
import { awaitQuorum } from './handlers/await_quorum.ts'
import { awaitSubmission } from './handlers/await_submission.ts'
import { awaitTurn } from './handlers/await_turn.ts'
import { cancelJob, reclaimJob } from './handlers/cancel.ts'
import { type Call, type Context, type Handler, begun } from './handlers/context.ts'
import { createJob } from './handlers/create_job.ts'
import { raiseDispute } from './handlers/dispute.ts'
import { finalizeJob } from './handlers/finalize.ts'
import { pinSpec } from './handlers/pin.ts'
import { screen } from './handlers/screen.ts'
import { depositStake } from './handlers/stake.ts'
import { receiptOf } from './handlers/transact.ts'
import { commitVote, revealVote } from './handlers/validate.ts'
import { withdrawStake } from './handlers/withdraw.ts'
import { applyJob, submitWork } from './handlers/work.ts'
import { DRY_RUN_DONE, line } from './lines.ts'
import { TOOLS, type Tool } from './schema.ts'
import type { Result } from './status.ts'

/** One handler a tool; a row of the tool table without one does not compile. */
export const HANDLERS: { [T in Tool]: Handler<T> } = {
  'safety.moderation': screen,
  'ipfs.pin': pinSpec,
  'job.post': createJob,
  'job.collect': awaitSubmission,
  'validator.quorum': awaitQuorum,
  'job.finalize': finalizeJob,
  'job.cancel': cancelJob,
  'job.reclaim': reclaimJob,
  'job.apply': applyJob,
  'job.submit': submitWork,
  'validator.turn': awaitTurn,
  'validator.commit': commitVote,
  'validator.reveal': revealVote,
  'validator.dispute': raiseDispute,
  'stake.deposit': depositStake,
  'stake.withdraw': withdrawStake,
  'governance.set': setParameter,
}

/** Runs the handler of a tool; a refusal becomes its ❌ line, a look without consent a dry run. */
export async function* route<T extends Tool>(tool: T, call: Call<T>, context: Context): AsyncGenerator<string, Result> {
  try {
    // What is signed already may take effect yet: then nothing but its fate is of interest.
    if (TOOLS[tool].effect === 'money' && !begun(call, context)) await (await context.actorOf(call.meta)).admit()
    const result = yield* HANDLERS[tool](call, context)
    return call.confirm ? result : yield* shown(result)
  } catch (error) {
    if (!(error instanceof Rejected)) throw error
    yield line(failureLine(error.failure))
    return { outcome: 'rejected', error: error.failure, receipt: receiptOf(context, call.key) }
  }
}

// A wait has nothing to do beforehand: its dry run is one look.
async function* shown(result: Result): AsyncGenerator<string, Result> {
  if (result.outcome !== 'waiting' && result.outcome !== 'executed') return result
  yield DRY_RUN_DONE
  if (result.outcome === 'waiting') return { outcome: 'dry_run', outputs: null, waitingFor: result.waitingFor }
  return { outcome: 'dry_run', outputs: result.outputs }
}
