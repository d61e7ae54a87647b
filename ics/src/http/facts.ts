import { z } from 'zod'
import { contractDigests } from '../contract.ts'
import { formatAmount } from '../money.ts'
import { policiesShown } from '../policy.ts'
import type { World } from '../world.ts'
import { Problem } from './problem.ts'

/** `GET /contract`: digests, effective policies, fees, and the chain as it says itself. Throws ChainRefused. */
export async function contractFacts(world: World) {
  await world.open()
  const { deployment, rules, chain } = world
  const { chainId, genesisHash, deploymentBlock, addresses } = deployment
  const [fees, limits, roads, head] = await Promise.all([chainFees(world), chainLimits(world), world.roads.supported(), chain.getBlock()])
  return {
    contract: contractDigests(),
    policy: { digest: rules.policy.digest, tenants: policiesShown(rules.policy.files) },
    fees: rules.fees,
    chain: {
      ...{ chainId, genesisHash, deploymentBlock, addresses, fees, limits, roads },
      head: { number: Number(head.number), timestamp: Number(head.timestamp) },
    },
  }
}

async function chainFees({ jobs }: World) {
  const [feePct, validatorPct, feePoolBurnPct, burnPct, disputeFee] = await Promise.all([
    jobs.number('jobRegistry', 'feePct'),
    jobs.number('jobRegistry', 'validatorRewardPct'),
    jobs.number('feePool', 'burnPct'),
    jobs.number('stakeManager', 'burnPct'),
    jobs.read(z.bigint(), 'disputeModule', 'disputeFee'),
  ])
  return { feePct, validatorPct, feePoolBurnPct, burnPct, disputeFee: formatAmount(disputeFee) }
}

async function chainLimits({ jobs }: World) {
  const amount = async (name: string) => formatAmount(await jobs.read(z.bigint(), 'jobRegistry', name))
  const [maxJobReward, minAgentStake, jobStake, maxJobDuration] = await Promise.all([
    amount('maxJobReward'),
    amount('minAgentStake'),
    amount('jobStake'),
    jobs.number('jobRegistry', 'maxJobDuration'),
  ])
  return { maxJobReward, minAgentStake, jobStake, maxJobDuration }
}

/** `GET /jobs/{id}`: a job, amounts as decimal text, times in unix seconds. Throws Problem JOB_NOT_FOUND. */
export async function jobFacts({ jobs, open }: World, id: string) {
  if (!/^[1-9][0-9]{0,76}$/.test(id)) throw notFound()
  await open()
  const job = await jobs.job(BigInt(id))
  if (job === undefined) throw notFound()
  const { state, success, employer, agent, deadline, specHash, resultHash, reward, fee } = job
  const [uri, resultURI] = await Promise.all([jobs.specUri(job.jobId), resultHash === null ? null : jobs.resultUri(job.jobId)])
  const money = { reward: formatAmount(reward), fee: formatAmount(fee), escrow: formatAmount(reward + fee) }
  return { jobId: id, state, success, employer, agent, ...money, deadline, specHash, uri, resultHash, resultURI }
}

/** `GET /healthz`: each part `ok` or a reason. */
export async function health({ open, journal }: World) {
  const reason = (error: unknown) => (error instanceof Error ? error.message : String(error))
  const chain = await open().then(() => 'ok', reason)
  const parts = { chain, journal: journalState(journal) }
  return { ok: Object.values(parts).every((state) => state === 'ok'), parts }
}

function journalState({ identity }: World['journal']): string {
  try {
    identity.read()
    return 'ok'
  } catch (error) {
    return error instanceof Error ? error.message : String(error)
  }
}

function notFound(): Problem {
  return new Problem(404, 'JOB_NOT_FOUND', 'there is no such job')
}
