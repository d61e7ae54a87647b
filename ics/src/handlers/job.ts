import type { Job } from '../access/jobs.ts'
import { Rejected } from '../errors.ts'
import { instant } from '../lines.ts'
import type { Failure } from '../status.ts'
import type { Context } from './context.ts'

/** The job of this number. Throws Rejected (JOB_NOT_FOUND). */
export async function requireJob({ jobs }: Context, jobId: string): Promise<Job> {
  const job = await jobs.job(BigInt(jobId))
  if (job === undefined) throw new Rejected(notFound(jobId))
  return job
}

/** What a job without submitted work waits for, or why no work can come any more. */
export async function beforeWork(context: Context, job: Job): Promise<{ wait: string } | { failure: Failure }> {
  const { jobId, state, deadline } = job
  if (state === 'cancelled') return { failure: ended('JOB_CANCELLED', `Job #${jobId} was cancelled.`) }
  if (state !== 'created' && state !== 'applied') {
    return { failure: ended('DEADLINE_PASSED', `Job #${jobId} ended without a result.`) }
  }
  const grace = await context.jobs.number('jobRegistry', 'expirationGracePeriod')
  if ((await blockTime(context)) > deadline + grace) return { failure: expired(job) }
  const until = `until ${instant(deadline)}`
  return { wait: state === 'created' ? `an agent to take job #${jobId} ${until}` : `${job.agent} to submit work for job #${jobId} ${until}` }
}

/** The chain's clock, unix seconds; every window and deadline is judged by it. */
export async function blockTime({ chain }: Context): Promise<number> {
  return Number((await chain.getBlock()).timestamp)
}

function notFound(jobId: string): Failure {
  return { code: 'JOB_NOT_FOUND', message: `There is no job #${jobId}.`, fix: 'Check the job number.' }
}

function ended(code: string, message: string): Failure {
  return { code, message, fix: 'Nothing is left to do for this job.' }
}

function expired({ jobId, state, deadline }: Job): Failure {
  const taken = state === 'applied'
  const home = taken ? 'job.reclaim brings the escrow home' : 'job.cancel brings the escrow home (job.reclaim is for a job that was taken)'
  const message = `Job #${jobId} had no work by its deadline ${instant(deadline)}; ${home}.`
  return { code: 'DEADLINE_PASSED', message, fix: `${taken ? 'Reclaim' : 'Cancel'} job ${jobId}: ${home}.` }
}
