import type { Job } from '../access/jobs.ts'
import { formatAmount } from '../money.ts'
import type { Call, Context, Handler } from './context.ts'
import type { Logged } from './events.ts'
import { requireJob } from './job.ts'
import { endingOf } from './payouts.ts'
import { knowing } from './refusals.ts'
import { transact } from './transact.ts'

/** `job.cancel`: the employer takes back a job that nobody has taken; the whole escrow comes home. */
export const cancelJob: Handler<'job.cancel'> = (call, context) =>
  bringHome(call, context, { title: 'Cancel job', functionName: 'cancelJob', done: 'cancelled' })

/** `job.reclaim`: ends a job whose agent missed deadline and grace; the escrow comes home, the agent's job stake with it. */
export const reclaimJob: Handler<'job.reclaim'> = (call, context) =>
  bringHome(call, context, { title: 'Reclaim job', functionName: 'cancelExpiredJob', done: 'reclaimed' })

type Way = { title: string; functionName: string; done: string }

async function* bringHome(call: Call<'job.cancel' | 'job.reclaim'>, context: Context, way: Way) {
  const { jobId } = call.params
  const job = await requireJob(context, jobId)
  const returned = formatAmount(job.reward + job.fee)
  const deed = transact(call, context, {
    title: way.title,
    bullets: ({ cost }) => [`Estimated gas: ${cost.gas}`, `Job ID: ${jobId}`, `Returns: ${returned} AGIA to ${job.employer}`],
    request: context.contracts.request('jobRegistry', way.functionName, [job.jobId]),
    expected: { jobId, returned, to: job.employer },
    byEvents: true,
    done: (receipt) => home(context, job, way, receipt),
  })
  return yield* knowing(context, job, deed)
}

function home(context: Context, job: Job, way: Way, { logs, transactionHash: tx }: Logged) {
  const { payouts, slashed } = endingOf(context, job, logs)
  const returned = payouts.find(({ role }) => role === 'employer')?.amount ?? formatAmount(0n)
  const jobId = job.jobId.toString()
  const outputs = { jobId, returned, to: job.employer, payouts, slashed, tx }
  return { outputs, payouts, says: `Job #${jobId} ${way.done}; ${returned} AGIALPHA returned to ${job.employer}.` }
}
