import { type Address, type Log, type TransactionReceipt, getAddress } from 'viem'
import { z } from 'zod'
import type { Job } from '../access/jobs.ts'
import { Rejected } from '../errors.ts'
import { formatAmount } from '../money.ts'
import type { Payout } from '../status.ts'
import type { Context, Handler } from './context.ts'
import { eventsOf } from './events.ts'
import { requireJob } from './job.ts'
import { feeBullets, termsOf } from './terms.ts'
import { transact } from './transact.ts'

const Paid = z.object({ jobId: z.string(), to: z.string().transform((text) => getAddress(text)), amount: z.bigint() })
const Burnt = z.object({ amount: z.bigint() })
type Paid = z.infer<typeof Paid>

/** `job.finalize`: the employer's call that pays a finished job out; `success` is checked against the chain. */
export const finalizeJob: Handler<'job.finalize'> = async function* (call, context) {
  const { jobId, success } = call.params
  const terms = await termsOf(context)
  const job = await requireJob(context, jobId)
  agree(job, success)
  return yield* transact(call, context, {
    title: 'Finalize job',
    bullets: ({ cost }) => [`Estimated gas: ${cost.gas}`, ...feeBullets(terms), `Job ID: ${jobId}`],
    request: context.contracts.request('jobRegistry', 'finalize', [BigInt(jobId)]),
    expected: { jobId, success },
    done: (receipt) => finalized(context, job, receipt),
  })
}

// Only a counted vote can be asserted; before it the chain's own answer is better.
function agree({ state, success, jobId }: Job, asserted: boolean): void {
  const counted = state === 'completed' || state === 'finalized'
  if (!counted || success === asserted) return
  const message = `Job #${jobId} ${success ? 'succeeded' : 'failed'} on the chain, the request says otherwise.`
  throw new Rejected({ code: 'OUTCOME_MISMATCH', message, fix: `Say success: ${success}.` })
}

function finalized(context: Context, job: Job, { logs, transactionHash: tx }: TransactionReceipt) {
  const payouts = [...rewards(job, logs), ...returned(context, job, logs)]
  const { fee, burnt } = feeAndBurn(context, job, logs)
  const jobId = job.jobId.toString()
  const outputs = { jobId, success: job.success, payouts, fee: formatAmount(fee), burnt: formatAmount(burnt), tx }
  return { outputs, payouts, says: `Job #${jobId} finalized.` }
}

// The agent is paid last; the payments before are the validators', even if one has the agent's address.
function rewards(job: Job, logs: Log[]): Payout[] {
  const paid = ofJob(job, eventsOf(Paid, 'stakeManager', 'RewardPaid', logs))
  const agentPaid = paid.at(-1)?.to === job.agent
  return paid.map(({ to, amount }, index) => {
    const agent = agentPaid && index === paid.length - 1
    return { to, amount: formatAmount(amount), role: agent ? 'agent' : 'validator' }
  })
}

function returned(context: Context, job: Job, logs: Log[]): Payout[] {
  return released(job, logs)
    .filter(({ to }) => to !== poolOf(context))
    .map(({ to, amount }) => ({ to, amount: formatAmount(amount), role: to === job.employer ? 'employer' : 'treasury' }))
}

function feeAndBurn(context: Context, job: Job, logs: Log[]): { fee: bigint; burnt: bigint } {
  const sum = (amounts: { amount: bigint }[]) => amounts.reduce((total, { amount }) => total + amount, 0n)
  const fee = sum(released(job, logs).filter(({ to }) => to === poolOf(context)))
  const ofFee = sum(eventsOf(Burnt, 'feePool', 'FeesBurned', logs))
  return { fee: fee - ofFee, burnt: ofFee + sum(eventsOf(Burnt, 'stakeManager', 'TokensBurned', logs)) }
}

function released(job: Job, logs: Log[]): Paid[] {
  return ofJob(job, eventsOf(Paid, 'stakeManager', 'StakeReleased', logs))
}

// A slashed stake is released under job 0: it was never part of the escrow.
function ofJob({ jobId }: Job, paid: Paid[]): Paid[] {
  return paid.filter((event) => BigInt(event.jobId) === jobId)
}

function poolOf({ contracts }: Context): Address {
  return contracts.where('feePool')
}
