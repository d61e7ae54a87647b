import { type Hex, keccak256, stringToBytes, zeroHash } from 'viem'
import { z } from 'zod'
import type { Request } from '../access/request.ts'
import { Rejected } from '../errors.ts'
import { formatAmount } from '../money.ts'
import type { Params } from '../schema.ts'
import { type Call, type Context, type Handler, begun } from './context.ts'
import { requireJob } from './job.ts'
import { knowing } from './refusals.ts'
import { transact } from './transact.ts'

const BYTES32 = /^0x[0-9a-fA-F]{64}$/
/** What is put before the moderator: a text, a hash that stands for documents, or both. */
type Case = { reason: string; hash: Hex }

/** `validator.dispute`: contests a counted vote; approves the dispute fee exactly, which the chain then takes. */
export const raiseDispute: Handler<'validator.dispute'> = async function* (call, context) {
  const { jobId } = call.params
  const job = await requireJob(context, jobId)
  const fee = await feeOf(call, context)
  const { reason, hash } = caseOf(call.params)
  const evidence = hash === zeroHash ? {} : { evidenceHash: hash }
  const money = { fee: formatAmount(fee), ...evidence }
  const deed = transact(call, context, {
    title: 'Dispute',
    bullets: ({ cost }) => [
      `Job ID: ${jobId}`,
      ...(reason === '' ? [] : [`Reason: ${reason}`]),
      ...(hash === zeroHash ? [] : [`Evidence Hash: ${hash}`]),
      `Dispute fee: ${money.fee} AGIA`,
      `Estimated gas: ${cost.gas}`,
    ],
    spend: fee,
    request: requestOf(context, job.jobId, { reason, hash }),
    expected: { jobId, ...money },
    done: ({ transactionHash: tx }) => ({ outputs: { jobId, ...money, tx }, says: `Dispute submitted for job #${jobId}.` }),
  })
  return yield* knowing(context, job, deed)
}

// Evidence is a hash as it is. Other text is the reason where none is given, else its hash stands for it.
function caseOf({ reason, evidence }: Params<'validator.dispute'>): Case {
  if (evidence === undefined) return { reason: reason ?? '', hash: zeroHash }
  if (BYTES32.test(evidence)) return { reason: reason ?? '', hash: evidence as Hex }
  if (reason === undefined) return { reason: evidence, hash: zeroHash }
  return { reason, hash: keccak256(stringToBytes(evidence)) }
}

function requestOf({ contracts }: Context, jobId: bigint, { reason, hash }: Case): Request {
  if (hash === zeroHash) return contracts.overload('jobRegistry', 'raiseDispute(uint256,string)', [jobId, reason])
  if (reason === '') return contracts.overload('jobRegistry', 'raiseDispute(uint256,bytes32)', [jobId, hash])
  return contracts.request('jobRegistry', 'dispute', [jobId, hash, reason])
}

// What OneBox holds is the fee of fees.json. Once something was sent, the approval alone limits what the chain takes.
async function feeOf(call: Call<'validator.dispute'>, context: Context): Promise<bigint> {
  const fee = await context.jobs.read(z.bigint(), 'disputeModule', 'disputeFee')
  const [told, taken] = [context.fees.disputeFee, formatAmount(fee)]
  if (told === taken || begun(call, context)) return fee
  const message = `The chain takes ${taken} AGIALPHA for a dispute, fees.json says ${told}.`
  throw new Rejected({ code: 'FEES_CHANGED', message, fix: 'Plan again when fees.json and the chain agree.' })
}
