import { zeroHash } from 'viem'
import type { Job } from '../access/jobs.ts'
import type { Context, Handler } from './context.ts'
import { beforeWork, requireJob } from './job.ts'
import { type Look, tell } from './look.ts'
import { receiptOf } from './transact.ts'

/** `job.collect`: until the job's work is handed in, or cannot be any more. */
export const awaitSubmission: Handler<'job.collect'> = async function* (call, context) {
  const { jobId } = call.params
  const look = await lookAt(context, await requireJob(context, jobId))
  return yield* tell('Collect submissions', [`Job ID: ${jobId}`], look, receiptOf(context, call.key))
}

async function lookAt(context: Context, job: Job): Promise<Look> {
  const { agent, resultHash, jobId } = job
  if (resultHash === null && job.state !== 'submitted') return beforeWork(context, job)
  const resultURI = await context.jobs.resultUri(jobId)
  const found = { jobId: jobId.toString(), agent, resultURI, resultHash: resultHash ?? zeroHash }
  return { found, says: `Submission for job #${jobId} received from ${agent}.` }
}
