import { keccak256, stringToBytes } from 'viem'
import type { Actor } from '../access/actor.ts'
import type { Job, Round } from '../access/jobs.ts'
import { Rejected } from '../errors.ts'
import { instant } from '../lines.ts'
import type { Failure } from '../status.ts'
import { carried } from './carried.ts'
import type { Call, Context, Handler } from './context.ts'
import { beforeWork, blockTime, requireJob } from './job.ts'
import { type Look, tell } from './look.ts'
import { standing } from './refusals.ts'
import { receiptOf } from './transact.ts'

/** A call that anybody may make and nobody has made yet, and what is waited for if it cannot be made. */
type Due = { due: 'selectValidators' | 'finalize' | 'forceFinalize'; wait: string }
type Q = 'validator.quorum'

/** `validator.quorum`: until the vote is counted; makes the permissionless calls that nobody has made. */
export const awaitQuorum: Handler<Q> = async function* (call, context) {
  const { jobId } = call.params
  let look = await lookAt(context, jobId)
  // A committee that cannot be chosen ends in a forced count, and that one in nothing more: three rounds at most.
  for (let tries = 0, noCommittee = false; call.confirm && 'due' in look && tries < 3; tries++) {
    const refusal: Failure | undefined = yield* act(call, context, look)
    noCommittee ||= refusal !== undefined && look.due === 'selectValidators'
    look = await lookAt(context, jobId, noCommittee)
    if (refusal !== undefined && 'due' in look) look = { wait: `${look.wait} (${refusal.code})` }
  }
  return yield* tell('Validator quorum', [`Job ID: ${jobId}`], 'due' in look ? { wait: look.wait } : look, receiptOf(context, call.key))
}

// The state is read again under the signer's lock; whoever lost the race just looks once more.
async function* act(call: Call<Q>, context: Context, { due }: Due): AsyncGenerator<string, Failure | undefined> {
  const actor = await context.actorOf(call.meta)
  const release = await context.locks.acquire(actor.key.address)
  try {
    yield* finishEarlier(call, context, actor)
    const again = await lookAt(context, call.params.jobId, due !== 'selectValidators')
    if (!('due' in again) || again.due !== due) return undefined
    const request = context.contracts.request('validationModule', due, argsOf(call, due))
    const tx = await context.sender.submit(call.key, context.sender.ofKey(call.key).length, actor, request)
    yield* carried(context.sender, actor, tx)
    return undefined
  } catch (error) {
    if (error instanceof Rejected) return error.failure
    throw error
  } finally {
    release()
  }
}

async function* finishEarlier({ key }: Call<Q>, { sender }: Context, actor: Actor): AsyncGenerator<string> {
  for (const tx of sender.ofKey(key).filter(({ state }) => state === 'signed')) {
    yield* carried(sender, actor, tx)
  }
}

function argsOf({ key, params }: Call<Q>, due: Due['due']): bigint[] {
  const jobId = BigInt(params.jobId)
  return due === 'selectValidators' ? [jobId, BigInt(keccak256(stringToBytes(key)))] : [jobId]
}

async function lookAt(context: Context, jobId: string, noCommittee = false): Promise<Look | Due> {
  const job = await requireJob(context, jobId)
  if (job.state === 'submitted') return atWork(context, job, await context.jobs.round(job.jobId), noCommittee)
  const round = await context.jobs.round(job.jobId)
  return round.tallied ? counted(context, job, round) : beforeWork(context, job)
}

async function atWork(context: Context, { jobId }: Job, round: Round, noCommittee: boolean): Promise<Look | Due> {
  const { timestamp, number } = await context.chain.getBlock()
  const now = Number(timestamp)
  if (round.commitDeadline === 0) return noCommittee ? withoutCommittee(context, jobId, round) : toSelect(jobId, round, Number(number))
  const { committee, commits, reveals, commitDeadline, revealDeadline } = round
  if (now <= commitDeadline) return { wait: `votes on job #${jobId} until ${instant(commitDeadline)} (${commits} of ${committee} committed)` }
  const all = reveals === committee
  if (!all && now <= revealDeadline) {
    return { wait: `votes on job #${jobId} to be shown until ${instant(revealDeadline)} (${reveals} of ${committee} revealed)` }
  }
  const quorum = await context.jobs.number('validationModule', 'quorum', [committee])
  if (reveals >= quorum) return { due: 'finalize', wait: `the vote on job #${jobId} to be counted` }
  return toForce(context, jobId, revealDeadline, `${reveals} of ${quorum} needed votes`)
}

// However late: a committee can still judge the work, a forced count cannot.
function toSelect(jobId: bigint, { selectionBlock }: Round, height: number): Look | Due {
  const wait = `the committee of job #${jobId} to be chosen`
  return height > selectionBlock ? { due: 'selectValidators', wait } : { wait }
}

async function withoutCommittee(context: Context, jobId: bigint, { startedAt }: Round): Promise<Look | Due> {
  const windows = await Promise.all(['commitWindow', 'revealWindow'].map((name) => context.jobs.number('validationModule', name)))
  const end = startedAt + windows.reduce((sum, seconds) => sum + seconds, 0)
  return toForce(context, jobId, end, 'no committee')
}

async function toForce(context: Context, jobId: bigint, end: number, lack: string): Promise<Due | { wait: string }> {
  const after = end + (await context.jobs.number('validationModule', 'forceFinalizeGrace'))
  const wait = `the vote on job #${jobId} to be ended after ${instant(after)} (${lack})`
  return (await blockTime(context)) > after ? { due: 'forceFinalize', wait } : { wait }
}

// A resolved dispute may have turned the vote round: what the job says counts.
async function counted(context: Context, job: Job, { approvals, reveals }: Round): Promise<Look> {
  const { jobId, success } = job
  const rejections = reveals - approvals
  if (success) {
    return {
      found: { jobId: jobId.toString(), success, approvals, rejections },
      says: `Validators approved job #${jobId} (${approvals} of ${reveals}).`,
    }
  }
  const message = `The vote on job #${jobId} was lost (${approvals} approved, ${rejections} rejected).`
  const { fix } = await standing(context, job)
  return { failure: { code: 'VALIDATION_REJECTED', message: `${message} validator.dispute can contest it.`, fix } }
}
