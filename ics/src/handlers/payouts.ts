import { type Address, type Log, getAddress } from 'viem'
import { z } from 'zod'
import type { Job } from '../access/jobs.ts'
import { formatAmount } from '../money.ts'
import type { Payout } from '../status.ts'
import type { Context } from './context.ts'
import { eventsOf } from './events.ts'

const Paid = z.object({ jobId: z.string(), to: z.string().transform((text) => getAddress(text)), amount: z.bigint() })
const Amount = z.object({ amount: z.bigint() })
type Paid = z.infer<typeof Paid>
// A slashed stake is released under job 0: it was never part of the escrow.
const SLASHED = 0n

/** Where a job's money went when it ended, amounts as decimal text: payouts + fee + burnt = escrow + slashed. */
export type Ending = { payouts: Payout[]; fee: string; burnt: string; slashed: string }

/** Reads the end of a job out of a receipt's logs. Errors: ZodError for events of another shape. */
export function endingOf(context: Context, job: Job, logs: Log[]): Ending {
  const { fee, burnt } = feeAndBurn(context, job, logs)
  return {
    payouts: [...rewards(job, logs), ...returned(context, job, logs)],
    fee: formatAmount(fee),
    burnt: formatAmount(burnt),
    slashed: formatAmount(sum(eventsOf(Amount, 'stakeManager', 'StakeSlashed', logs))),
  }
}

// The agent is paid last; the payments before are the validators', even if one has the agent's address.
function rewards(job: Job, logs: Log[]): Payout[] {
  const paid = ofJob(job.jobId, eventsOf(Paid, 'stakeManager', 'RewardPaid', logs))
  const agentPaid = paid.at(-1)?.to === job.agent
  return paid.map(({ to, amount }, index) => {
    const agent = agentPaid && index === paid.length - 1
    return { to, amount: formatAmount(amount), role: agent ? 'agent' : 'validator' }
  })
}

function returned(context: Context, job: Job, logs: Log[]): Payout[] {
  const escrow = released(logs, job.jobId).filter(({ to }) => to !== poolOf(context))
  const home = escrow.map((paid) => ({ ...paid, role: paid.to === job.employer ? 'employer' : 'treasury' }))
  const slashed = released(logs, SLASHED).map((paid) => ({ ...paid, role: 'slash' }))
  return [...home, ...slashed].map(({ to, amount, role }) => ({ to, amount: formatAmount(amount), role }))
}

function feeAndBurn(context: Context, job: Job, logs: Log[]): { fee: bigint; burnt: bigint } {
  const fee = sum(released(logs, job.jobId).filter(({ to }) => to === poolOf(context)))
  const ofFee = sum(eventsOf(Amount, 'feePool', 'FeesBurned', logs))
  return { fee: fee - ofFee, burnt: ofFee + sum(eventsOf(Amount, 'stakeManager', 'TokensBurned', logs)) }
}

function released(logs: Log[], jobId: bigint): Paid[] {
  return ofJob(jobId, eventsOf(Paid, 'stakeManager', 'StakeReleased', logs))
}

function ofJob(jobId: bigint, paid: Paid[]): Paid[] {
  return paid.filter((event) => BigInt(event.jobId) === jobId)
}

function sum(amounts: { amount: bigint }[]): bigint {
  return amounts.reduce((total, { amount }) => total + amount, 0n)
}

function poolOf({ contracts }: Context): Address {
  return contracts.where('feePool')
}
