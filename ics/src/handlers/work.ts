import { type Hex, keccak256, stringToBytes } from 'viem'
import type { Params } from '../schema.ts'
import type { Call, Context, Handler } from './context.ts'
import { type Terms, feeBullets, termsOf } from './terms.ts'
import { transact } from './transact.ts'

type Ens = Params<'job.apply'>['ens']

/** `job.apply`: takes an open job as its agent. */
export const applyJob: Handler<'job.apply'> = async function* (call, context) {
  const { jobId, ens } = call.params
  const terms = await termsOf(context)
  return yield* transact(call, context, {
    title: 'Apply for job',
    bullets: ({ cost }) => workBullets(cost.gas, terms, jobId, ens),
    request: context.contracts.request('jobRegistry', 'applyForJob', [BigInt(jobId), ens.subdomain, ens.proof ?? []]),
    expected: { jobId },
    done: ({ transactionHash: tx }) => ({ outputs: { jobId, tx }, says: `Application submitted for job #${jobId}.` }),
  })
}

/** `job.submit`: hands in a result; a payload is pinned once, when the call is confirmed. */
export const submitWork: Handler<'job.submit'> = async function* (call, context) {
  const { jobId, ens } = call.params
  const terms = await termsOf(context)
  const { uri, hash, cids } = await resultOf(call, context)
  const args = [BigInt(jobId), hash, uri, ens.subdomain, ens.proof ?? []]
  return yield* transact(call, context, {
    title: 'Submit work',
    bullets: ({ cost }) => workBullets(cost.gas, terms, jobId, ens),
    request: context.contracts.request('jobRegistry', 'submit', args),
    expected: { jobId, uri, resultHash: hash },
    done: ({ transactionHash: tx }) => ({
      outputs: { jobId, uri, resultHash: hash, tx },
      says: `Submission broadcast for job #${jobId}.`,
    }),
    cids,
  })
}

type Result = { uri: string; hash: Hex; cids: string[] }

// A payload wins over a uri. Storing it again gives the same name, so a resumed call pins nothing new.
async function resultOf(call: Call<'job.submit'>, { pins }: Context): Promise<Result> {
  const { payload, uri = '', hash } = call.params.result
  if (payload === undefined) return { uri, hash: (hash as Hex | undefined) ?? keccak256(stringToBytes(uri)), cids: [] }
  const packed = call.confirm ? await pins.keep(payload) : await pins.pack(payload)
  return { uri: packed.uri, hash: (hash as Hex | undefined) ?? keccak256(packed.bytes), cids: [packed.cid] }
}

function workBullets(gas: string, terms: Terms, jobId: string, ens: Ens): string[] {
  return [`Estimated gas: ${gas}`, ...feeBullets(terms), `Job ID: ${jobId}`, `ENS subdomain: ${ens.subdomain}`]
}
