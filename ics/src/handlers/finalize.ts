import type { Job } from '../access/jobs.ts'
import { Rejected } from '../errors.ts'
import type { Context, Handler } from './context.ts'
import type { Logged } from './events.ts'
import { requireJob } from './job.ts'
import { endingOf } from './payouts.ts'
import { knowing } from './refusals.ts'
import { feeBullets, termsOf } from './terms.ts'
import { transact } from './transact.ts'

/** `job.finalize`: the employer's call that pays a finished job out; `success` is checked against the chain. */
export const finalizeJob: Handler<'job.finalize'> = async function* (call, context) {
  const { jobId, success } = call.params
  const terms = await termsOf(context)
  const job = await requireJob(context, jobId)
  agree(job, success)
  const deed = transact(call, context, {
    title: 'Finalize job',
    bullets: ({ cost }) => [`Estimated gas: ${cost.gas}`, ...feeBullets(terms), `Job ID: ${jobId}`],
    request: context.contracts.request('jobRegistry', 'finalize', [BigInt(jobId)]),
    expected: { jobId, success },
    done: (receipt) => finalized(context, job, receipt),
    byEvents: true,
  })
  return yield* knowing(context, job, deed)
}

// Only a counted vote can be asserted; before it the chain's own answer is better.
function agree({ state, success, jobId }: Job, asserted: boolean): void {
  const counted = state === 'completed' || state === 'finalized'
  if (!counted || success === asserted) return
  const message = `Job #${jobId} ${success ? 'succeeded' : 'failed'} on the chain, the request says otherwise.`
  const fix = `Say success: ${success}, that is: Finalize job ${jobId} as ${success ? 'successful' : 'failed'}.`
  throw new Rejected({ code: 'OUTCOME_MISMATCH', message, fix })
}

function finalized(context: Context, job: Job, { logs, transactionHash: tx }: Logged) {
  const ending = endingOf(context, job, logs)
  const jobId = job.jobId.toString()
  const outputs = { jobId, success: job.success, ...ending, tx }
  return { outputs, payouts: ending.payouts, says: `Job #${jobId} finalized.` }
}
