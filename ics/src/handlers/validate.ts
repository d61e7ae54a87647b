import { type Hex, encodeAbiParameters, keccak256, zeroHash } from 'viem'
import { z } from 'zod'
import type { Actor } from '../access/actor.ts'
import { Rejected } from '../errors.ts'
import type { Call, Context, Handler } from './context.ts'
import { transact } from './transact.ts'

type Stage = 'validator.commit' | 'validator.reveal'
const Hash = z.string().transform((text) => text as Hex)
// No burn receipts are filed: the chain is refused when it wants them.
const NO_BURN = zeroHash

/** `validator.commit`: commits to a vote; the salt follows from the signer, so it is in no plan and no store. */
export const commitVote: Handler<'validator.commit'> = async function* (call, context) {
  const { jobId, subdomain, proof } = target(call)
  const hash = await commitment(call, context)
  const request = context.contracts.request('validationModule', 'commitValidation', [jobId, hash, subdomain, proof])
  return yield* vote(call, context, request)
}

/** `validator.reveal`: shows the vote that was committed. */
export const revealVote: Handler<'validator.reveal'> = async function* (call, context) {
  const { jobId, subdomain, proof } = target(call)
  const salt = await saltOf(context, await context.actorOf(call.meta), jobId)
  const args = [jobId, call.params.approve, NO_BURN, salt, subdomain, proof]
  return yield* vote(call, context, context.contracts.request('validationModule', 'revealValidation', args))
}

function vote<T extends Stage>(call: Call<T>, context: Context, request: ReturnType<Context['contracts']['request']>) {
  const { jobId, stage } = call.params
  return transact(call, context, {
    title: 'Validation',
    bullets: ({ gasFirst }) => [`Job ID: ${jobId}`, `Stages: ${stage}`, `Estimated gas (first step): ${gasFirst}`],
    request,
    expected: { jobId },
    done: ({ transactionHash: tx }) => ({ outputs: { jobId, tx }, says: `Validation steps completed for job #${jobId}.` }),
  })
}

function target({ params }: Call<Stage>): { jobId: bigint; subdomain: string; proof: string[] } {
  const { jobId, ens } = params
  if (ens === undefined) {
    const fix = 'Name the ENS label, or have it put on your token.'
    throw new Rejected({ code: 'ENS_REQUIRED', message: "A vote needs the validator's ENS label.", fix })
  }
  return { jobId: BigInt(jobId), subdomain: ens.subdomain, proof: ens.proof ?? [] }
}

async function commitment(call: Call<'validator.commit'>, context: Context): Promise<Hex> {
  const { jobs, contracts } = context
  const actor = await context.actorOf(call.meta)
  const jobId = BigInt(call.params.jobId)
  const specHash = await jobs.read(Hash, 'jobRegistry', 'getSpecHash', [jobId])
  const domain = await jobs.read(Hash, 'validationModule', 'DOMAIN_SEPARATOR')
  const nonce = await nonceOf(context, jobId)
  const body = words(['uint256', 'bytes32', 'bool', 'bytes32'], [nonce, specHash, call.params.approve, NO_BURN])
  const salt = await saltOf(context, actor, jobId)
  const chainId = BigInt(contracts.deployment.chainId)
  const types = ['uint256', 'bytes32', 'bytes32', 'address', 'uint256', 'bytes32']
  return words(types, [jobId, body, salt, actor.address, chainId, domain])
}

// Signatures are deterministic (RFC 6979): the same signer finds the same salt after any restart.
async function saltOf(context: Context, { key }: Actor, jobId: bigint): Promise<Hex> {
  const { chainId, addresses } = context.contracts.deployment
  const nonce = await nonceOf(context, jobId)
  const message = `OneBox vote salt v1\nchain ${chainId}\nmodule ${addresses.validationModule}\njob ${jobId}\nround ${nonce}`
  return keccak256(await key.signMessage({ message }))
}

function nonceOf({ jobs }: Context, jobId: bigint): Promise<bigint> {
  return jobs.read(z.bigint(), 'validationModule', 'jobNonce', [jobId])
}

function words(types: string[], values: unknown[]): Hex {
  return keccak256(encodeAbiParameters(types.map((type) => ({ type })), values))
}
