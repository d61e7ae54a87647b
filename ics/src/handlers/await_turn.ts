import type { Address, Hex } from 'viem'
import { z } from 'zod'
import type { Round } from '../access/jobs.ts'
import { instant } from '../lines.ts'
import type { Failure } from '../status.ts'
import type { Call, Context, Handler } from './context.ts'
import { beforeWork, blockTime, requireJob } from './job.ts'
import { type Look, tell } from './look.ts'
import { receiptOf } from './transact.ts'

type Turn = { jobId: bigint; validator: Address; now: number; round: Round; committed: boolean }

/** `validator.turn`: until this signer may commit, or reveal. */
export const awaitTurn: Handler<'validator.turn'> = async function* (call, context) {
  const { jobId, stage } = call.params
  const look = await lookAt(call, context)
  return yield* tell('Await turn', [`Job ID: ${jobId}`, `Stage: ${stage}`], look, receiptOf(context, call.key))
}

async function lookAt(call: Call<'validator.turn'>, context: Context): Promise<Look> {
  const job = await requireJob(context, call.params.jobId)
  const { state, jobId } = job
  if (state === 'created' || state === 'applied' || state === 'cancelled') return beforeWork(context, job)
  const round = await context.jobs.round(jobId)
  if (state !== 'submitted' || round.tallied) return { failure: passed(`The vote on job #${jobId} is over.`) }
  if (round.commitDeadline === 0) return { wait: `the committee of job #${jobId} to be chosen` }
  const validator = (await context.actorOf(call.meta)).address
  const weight = await context.jobs.read(z.bigint(), 'validationModule', 'validatorStakes', [jobId, validator])
  if (weight === 0n) return { failure: notSelected(jobId, validator) }
  const turn = { jobId, validator, round, now: await blockTime(context), committed: await hasCommitted(context, jobId, validator) }
  return call.params.stage === 'commit' ? toCommit(turn) : toReveal(turn)
}

function toCommit({ jobId, validator, now, round, committed }: Turn): Look {
  const until = round.commitDeadline
  if (now > until && !committed) return { failure: passed(`The commit window of job #${jobId} ended at ${instant(until)}.`) }
  const found = { jobId: jobId.toString(), stage: 'commit', validator, until }
  return { found, says: `Commit window of job #${jobId} is open until ${instant(until)}.` }
}

function toReveal({ jobId, validator, now, round, committed }: Turn): Look {
  const { commitDeadline, revealDeadline: until } = round
  if (now <= commitDeadline) return { wait: `the commit window of job #${jobId} to end at ${instant(commitDeadline)}` }
  if (now > until) return { failure: passed(`The reveal window of job #${jobId} ended at ${instant(until)}.`) }
  if (!committed) return { failure: passed(`Nothing was committed for job #${jobId} by ${instant(commitDeadline)}.`) }
  const found = { jobId: jobId.toString(), stage: 'reveal', validator, until }
  return { found, says: `Reveal window of job #${jobId} is open until ${instant(until)}.` }
}

async function hasCommitted({ jobs }: Context, jobId: bigint, validator: Address): Promise<boolean> {
  const nonce = await jobs.read(z.bigint(), 'validationModule', 'jobNonce', [jobId])
  const hash = await jobs.read(z.string(), 'validationModule', 'commitments', [jobId, validator, nonce])
  return BigInt(hash as Hex) !== 0n
}

function passed(message: string): Failure {
  return { code: 'DEADLINE_PASSED', message, fix: 'This vote can no longer be taken part in.' }
}

function notSelected(jobId: bigint, validator: Address): Failure {
  const message = `${validator} was not chosen for the committee of job #${jobId}.`
  return { code: 'NOT_SELECTED', message, fix: 'Only the chosen validators vote; wait for another job.' }
}
