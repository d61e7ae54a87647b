import type { Hex } from 'viem'
import { z } from 'zod'
import { deadlineAfter } from '../deadline.ts'
import { Rejected } from '../errors.ts'
import { feeOf, formatAmount, parseAmount } from '../money.ts'
import type { Context, Handler } from './context.ts'
import { type Logged, eventOf } from './events.ts'
import { feeBullets, termsOf } from './terms.ts'
import { transact } from './transact.ts'

/** `job.post`: approves reward + fee exactly, then creates the job and thereby its escrow. */
export const createJob: Handler<'job.post'> = async function* (call, context) {
  const { job } = call.params
  const terms = await termsOf(context)
  const deadline = job.deadlineAt ?? (await deadlineFor(context, job.deadline, call.confirm))
  const reward = parseAmount(job.rewardAGIA)
  const fee = feeOf(reward, terms.feePct)
  const money = { reward: formatAmount(reward), fee: formatAmount(fee), escrow: formatAmount(reward + fee) }
  const args = [reward, BigInt(deadline), job.specHash, job.uri]
  return yield* transact(call, context, {
    title: 'Create job',
    bullets: ({ cost }) => [
      `Estimated gas: ${cost.gas}`,
      `Reward: ${money.reward} AGIA`,
      ...feeBullets(terms),
      `Spec URI: ${job.uri}`,
    ],
    spend: reward + fee,
    request: context.contracts.request('jobRegistry', 'createJob', args),
    expected: money,
    done: (receipt) => posted(receipt, money),
    byEvents: true,
  })
}

async function deadlineFor({ chain, jobs }: Context, days: number, confirm: boolean): Promise<number> {
  if (confirm) {
    const message = 'A confirmed job needs job.deadlineAt, the instant that admission fixed.'
    throw new Rejected({ code: 'DEADLINE_AT_REQUIRED', message, fix: 'Execute the plan through OneBox, which fixes it.' })
  }
  const { timestamp } = await chain.getBlock()
  const longest = await jobs.number('jobRegistry', 'maxJobDuration')
  return deadlineAfter(Number(timestamp), days, longest)
}

function posted({ logs, transactionHash }: Logged, money: { reward: string; fee: string; escrow: string }) {
  const Created = z.object({ jobId: z.bigint() })
  const jobId = eventOf(Created, 'jobRegistry', 'JobCreated', logs).jobId.toString()
  const tx: Hex = transactionHash
  return { outputs: { jobId, tx, ...money }, says: `Job posted with ID ${jobId}.` }
}
