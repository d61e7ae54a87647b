import { describe, expect, test } from 'vitest'
import { golden } from './golden.ts'
import type { Ask } from './ics.ts'
import { ics, staged, world } from './stage.ts'
import { SPEC, VALIDATORS } from './world.ts'

// What must hold before an employer, an agent or a validator may act (domain.md 6.4), missing one at a time.
staged(async (on) => {
  for (const validator of VALIDATORS) await on.stake(validator, 1, '10')
})

async function refusal(ask: Ask, note = ''): Promise<string | undefined> {
  const { key, text } = await ics.ask(ask)
  const { outcome, error } = await ics.status(key)
  expect(outcome, text).toBe('rejected')
  expect(error?.fix).toMatch(/\.$/)
  expect(text.trimEnd().split('\n').at(-1)).toBe(`❌ ${error?.code}: ${error?.message}`)
  await golden(`${ask.intent}/rejected.${error?.code}${note}`, { text, outcome, code: error?.code })
  return error?.code
}
const ens = { subdomain: 'alice' }
const create = async (changes: object = {}, user = 'operator'): Promise<Ask> => {
  const deadlineAt = Number(await world.now()) + 3_600
  const job = { rewardAGIA: '5', deadline: 1, title: 'Cats', deadlineAt, uri: 'ipfs://x', specHash: SPEC, ...changes }
  return { intent: 'create_job', params: { job }, user }
}
const apply = (jobId: bigint, user = 'agent'): Ask => ({ intent: 'apply_job', user, params: { jobId: String(jobId), ens } })
const submit = (jobId: bigint, user = 'agent'): Ask => ({ intent: 'submit_work', user, params: { jobId: String(jobId), result: { uri: 'ipfs://r' }, ens } })
const vote = (jobId: bigint, stage: string, user = 'validator1', approve = true): Ask => ({
  ...{ intent: 'validate', user },
  params: { jobId: String(jobId), stage, approve, ens: { subdomain: 'carol' } },
})
const set = (functionName: string, ...args: unknown[]) => world.as('governance', 'jobRegistry', functionName, args)

describe('an employer', () => {
  test('needs a deadline after now, a specification and what the chain takes', async () => {
    expect(await refusal(await create({ deadlineAt: 1 }), '.past')).toBe('DEADLINE_INVALID')
    expect(await refusal(await create({ deadlineAt: Number(await world.now()) + 8 * 86_400 }))).toBe('DEADLINE_INVALID')
    expect(await refusal(await create({ specHash: `0x${'0'.repeat(64)}` }))).toBe('INVALID_SPEC_HASH')
    expect(await refusal(await create({ rewardAGIA: '1001' }))).toBe('REWARD_TOO_HIGH')
  })

  test('needs to accept the tax policy, where there is one', async () => {
    await set('setTaxPolicyVersion', 1)
    expect(await refusal(await create())).toBe('TAX_POLICY_NOT_ACKNOWLEDGED')
    await set('setTaxPolicyVersion', 0)
  })

  test('needs a reward that the chain can count', async () => {
    await set('setMaxJobReward', 0)
    expect(await refusal(await create({ rewardAGIA: '9'.repeat(25) }))).toBe('REWARD_OVERFLOW')
    await set('setMaxJobReward', 10n ** 21n)
  })
})

describe('an agent', () => {
  test('needs stake, a name, an open job, and a place free', { timeout: 60_000 }, async () => {
    const jobId = await world.create('10')
    expect(await refusal(apply(jobId))).toBe('INSUFFICIENT_AGENT_STAKE')
    await world.stake('agent', 0, '10')
    expect(await refusal(apply(jobId, 'viewer'))).toBe('ENS_MISMATCH')
    await set('setJobStake', 10n ** 19n * 2n)
    const dear = await world.create('10')
    expect(await refusal(apply(dear))).toBe('INSUFFICIENT_STAKE')
    await set('setJobStake', 10n ** 18n)
    await world.apply(jobId)
    expect(await refusal(apply(jobId))).toBe('NOT_OPEN')
    await set('setMaxActiveJobsPerAgent', 1)
    expect(await refusal(apply(await world.create('10')))).toBe('MAX_ACTIVE_JOBS_REACHED')
    await set('setMaxActiveJobsPerAgent', 0)
  })

  test('needs to be the one who took the job, and in time', async () => {
    const [jobId, open] = [await world.create('10'), await world.create('10')]
    expect(await refusal(submit(jobId), '.not-taken')).toBe('INVALID_JOB_STATE')
    await world.apply(jobId)
    expect(await refusal(submit(jobId, 'operator'))).toBe('ONLY_AGENT')
    await world.pass(86_401)
    expect(await refusal(submit(jobId))).toBe('DEADLINE_PASSED')
    expect(await refusal(apply(open))).toBe('DEADLINE_PASSED')
  })
})

describe('a validator', () => {
  test('needs work, a seat, a name, its window, and the vote that was committed', { timeout: 60_000 }, async () => {
    expect(await refusal(vote(await world.create('10'), 'commit'))).toBe('JOB_NOT_SUBMITTED')
    const jobId = await world.submitted('10')
    expect(await refusal(vote(jobId, 'commit', 'viewer'))).toBe('NOT_VALIDATOR')
    expect(await refusal(vote(jobId, 'reveal'))).toBe('COMMIT_PHASE_ACTIVE')
    await world.as('governance', 'identityRegistry', 'removeAdditionalValidator', [world.address('validator2')])
    expect(await refusal(vote(jobId, 'commit', 'validator2'))).toBe('ENS_MISMATCH')
    await world.as('governance', 'identityRegistry', 'addAdditionalValidator', [world.address('validator2')])
    const commit = await ics.ask(vote(jobId, 'commit'))
    expect(await ics.status(commit.key)).toMatchObject({ outcome: 'executed' })
    expect(await refusal(vote(jobId, 'commit'))).toBe('ALREADY_COMMITTED')
    await world.pass(world.local.commitWindow + 1)
    expect(await refusal(vote(jobId, 'commit', 'validator2'))).toBe('COMMIT_PHASE_CLOSED')
    expect(await refusal(vote(jobId, 'reveal', 'validator2'))).toBe('COMMIT_MISSING')
    expect(await refusal(vote(jobId, 'reveal', 'validator1', false))).toBe('INVALID_REVEAL')
    const reveal = await ics.ask(vote(jobId, 'reveal'))
    expect(await ics.status(reveal.key)).toMatchObject({ outcome: 'executed' })
    expect(await refusal(vote(jobId, 'reveal'))).toBe('ALREADY_REVEALED')
    await world.pass(world.local.revealWindow + 1)
    expect(await refusal(vote(jobId, 'reveal', 'validator3'))).toBe('REVEAL_PHASE_CLOSED')
    await world.pass(world.local.forceFinalizeGrace + 1)
    await world.as('viewer', 'validationModule', 'forceFinalize', [jobId])
    expect(await refusal(vote(jobId, 'reveal'))).toBe('ALREADY_TALLIED')
  })
})

test('a stake needs an amount at or above the minimum of its role', async () => {
  const stake = { amountAGIA: '0.5', role: 'platform' }
  expect(await refusal({ intent: 'stake', params: { stake }, user: 'viewer' })).toBe('BELOW_MINIMUM_STAKE')
})
