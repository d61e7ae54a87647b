import type { Dispute, Job } from '../access/jobs.ts'
import { Rejected } from '../errors.ts'
import { instant } from '../lines.ts'
import type { Result } from '../status.ts'
import type { Context } from './context.ts'
import { blockTime } from './job.ts'

// What the chain says of a job without saying which state it is in.
const OF_STATE = ['INVALID_JOB_STATE', 'CANNOT_CANCEL', 'CANNOT_EXPIRE', 'CANNOT_DISPUTE', 'ALREADY_DISPUTED', 'DEADLINE_NOT_REACHED']

/** Does a deed; what the chain refuses because of the job's state is said with that state and the next step out of it. */
export async function* knowing(context: Context, job: Job, deed: AsyncGenerator<string, Result>): AsyncGenerator<string, Result> {
  try {
    return yield* deed
  } catch (error) {
    if (!(error instanceof Rejected) || !OF_STATE.includes(error.failure.code)) throw error
    throw new Rejected({ ...error.failure, ...(await standing(context, job)) })
  }
}

/** Where a job stands, and the sentence that leads on from there. */
export async function standing(context: Context, { jobId }: Job): Promise<{ message: string; fix: string }> {
  // Read again: somebody else may have been faster than the one who was refused.
  const job = await context.jobs.job(jobId)
  switch (job?.state) {
    case 'created':
      return { message: `Nobody has taken job #${jobId} yet.`, fix: `Cancel job ${jobId}: its escrow comes home (job.cancel).` }
    case 'applied':
      return atWork(context, job)
    case 'submitted':
      return { message: `The vote on job #${jobId} is not counted yet.`, fix: `Wait for validator.quorum of the run that posted it, or replay that run.` }
    case 'completed':
      return judged(job, await context.jobs.dispute(jobId))
    case 'disputed':
      return contested(jobId, await context.jobs.dispute(jobId))
    default:
      return { message: `Job #${jobId} has ended: ${job?.state ?? 'none'}.`, fix: 'Nothing is left to do for this job.' }
  }
}

async function atWork(context: Context, { jobId, agent, deadline }: Job) {
  const home = deadline + (await context.jobs.number('jobRegistry', 'expirationGracePeriod'))
  const message = `${agent} has taken job #${jobId} and may submit until ${instant(deadline)}.`
  const late = (await blockTime(context)) > home
  const fix = `Reclaim job ${jobId}${late ? '' : ` after ${instant(home)} if no work comes`} (job.reclaim).`
  return { message: late ? `${agent} took job #${jobId} and missed its deadline.` : message, fix }
}

function judged({ jobId, success }: Job, dispute: Dispute | undefined) {
  const outcome = success ? 'successful' : 'failed'
  const how = dispute === undefined ? 'its vote was counted' : 'its dispute was decided'
  const contest = success || dispute !== undefined ? '' : `; or contest it first: Dispute job ${jobId} because ... (validator.dispute)`
  const fix = `Finalize job ${jobId} as ${outcome} (job.finalize with success: ${success})${contest}.`
  return { message: `Job #${jobId} is ${outcome}: ${how}.`, fix }
}

function contested(jobId: bigint, dispute: Dispute | undefined) {
  const then = `then finalize job ${jobId} as it was decided (job.finalize).`
  if (dispute === undefined) {
    return { message: `The vote on job #${jobId} was lost, and nobody has disputed it.`, fix: `Dispute job ${jobId} because ... (validator.dispute); ${then}` }
  }
  return { message: `Job #${jobId} is disputed since ${instant(dispute.raisedAt)}.`, fix: `Wait until the moderator decides the dispute; ${then}` }
}
