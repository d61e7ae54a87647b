import { parseEther, zeroHash } from 'viem'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { SPEC, VALIDATORS, World } from '../world.ts'

const DAY = 86_400n
let world: World

beforeAll(async () => {
  world = await World.start()
})
afterAll(() => world.stop())

describe('createJob', () => {
  const create = async (reward: bigint, after: bigint, spec = SPEC) =>
    world.refusal('operator', 'jobRegistry', 'createJob', [reward, (await world.now()) + after, spec, 'ipfs://x'])
  const approve = (amount: bigint) => world.as('operator', 'token', 'approve', [world.where('stakeManager'), amount])

  test('wants an approval of reward and fee', async () => {
    await approve(parseEther('104'))
    expect(await create(parseEther('100'), DAY)).toBe('ERC20InsufficientAllowance')
  })

  test('wants that much in the purse', async () => {
    await approve(parseEther('5000'))
    expect(await create(parseEther('1000'), DAY)).toBe('ERC20InsufficientBalance')
  })

  test.each([
    ['a reward of nothing', 0n, DAY, 'InvalidAmount'],
    ['a reward above the limit', parseEther('1000') + 1n, DAY, 'RewardTooHigh'],
    ['a reward above 128 bits', 2n ** 128n, DAY, 'RewardOverflow'],
    ['a deadline in the past', 1n, -1n, 'InvalidDeadline'],
    ['a deadline beyond the limit', 1n, 7n * DAY + 60n, 'DurationTooLong'],
  ])('refuses %s', async (_, reward, after, error) => {
    expect(await create(reward, after)).toBe(error)
  })

  test('refuses an empty specification hash', async () => {
    expect(await create(1n, DAY, zeroHash)).toBe('InvalidSpecHash')
  })
})

describe('applyForJob and submit', () => {
  let jobId: bigint
  const apply = (who: string, label = 'alice') =>
    world.refusal(who, 'jobRegistry', 'applyForJob', [jobId, label, []])
  const submit = (who: string) => world.refusal(who, 'jobRegistry', 'submit', [jobId, SPEC, 'ipfs://r', 'alice', []])

  beforeAll(async () => {
    jobId = await world.create('10')
  })

  test('refuses who is not admitted, has no label or too little stake', async () => {
    expect(await apply('viewer')).toBe('NotAuthorizedAgent')
    expect(await apply('agent', '')).toBe('EmptySubdomain')
    expect(await apply('agent')).toBe('InsufficientAgentStake')
  })

  test('refuses a job that is taken, and another than its agent', async () => {
    await world.stake('agent', 0, '10')
    await world.apply(jobId)
    expect(await apply('agent')).toBe('NotOpen')
    expect(await submit('operator')).toBe('OnlyAgent')
    expect(await world.refusal('operator', 'jobRegistry', 'cancelJob', [jobId])).toBe('CannotCancel')
    expect(await world.refusal('viewer', 'jobRegistry', 'cancelJob', [jobId])).toBe('OnlyEmployer')
  })

  test('refuses more jobs than an agent may have', async () => {
    await world.as('governance', 'jobRegistry', 'setMaxActiveJobsPerAgent', [1])
    const other = await world.create('10')
    expect(await world.refusal('agent', 'jobRegistry', 'applyForJob', [other, 'alice', []])).toBe('MaxActiveJobsReached')
    await world.as('governance', 'jobRegistry', 'setMaxActiveJobsPerAgent', [0])
  })

  test('refuses work after the deadline', async () => {
    await world.pass(DAY + 1n)
    expect(await submit('agent')).toBe('DeadlinePassed')
    expect(await world.refusal('operator', 'jobRegistry', 'finalize', [jobId])).toBe('InvalidJobState')
  })
})

describe('validation', () => {
  let jobId: bigint
  const call = (who: string, name: string, ...args: unknown[]) =>
    world.refusal(who, 'validationModule', name, [jobId, ...args])
  const commit = (who: string) => call(who, 'commitValidation', SPEC, who, [])
  const reveal = (who: string, approve: boolean) => call(who, 'revealValidation', approve, zeroHash, SPEC, who, [])

  beforeAll(async () => {
    jobId = await world.create('10')
    await world.apply(jobId)
  })

  test('waits for the result, the block and the stakes', async () => {
    expect(await call('viewer', 'selectValidators', 1n)).toBe('JobNotSubmitted')
    await world.submit(jobId)
    expect(await call('viewer', 'finalize')).toBe('NotReady')
    expect(await commit('validator1')).toBe('CommitPhaseClosed')
    await world.pass(1)
    await world.pass(1)
    expect(await call('viewer', 'selectValidators', 1n)).toBe('InsufficientValidators')
    for (const who of VALIDATORS) await world.stake(who, 1, '1')
    await world.as('viewer', 'validationModule', 'selectValidators', [jobId, 1n])
    expect(await call('viewer', 'selectValidators', 1n)).toBe('ValidatorsAlreadySelected')
  })

  test('takes one commitment of each member, in the window', async () => {
    expect(await commit('viewer')).toBe('NotValidator')
    expect(await call('validator1', 'commitValidation', SPEC, '', [])).toBe('UnauthorizedValidator')
    const hash = await world.commitment('validator1', jobId, true, SPEC)
    await world.as('validator1', 'validationModule', 'commitValidation', [jobId, hash, 'carol', []])
    expect(await commit('validator1')).toBe('AlreadyCommitted')
    expect(await reveal('validator1', true)).toBe('CommitPhaseActive')
    await world.pass(world.local.commitWindow + 1)
    expect(await commit('validator2')).toBe('CommitPhaseClosed')
  })

  test('takes one true reveal of each, in the window', async () => {
    expect(await reveal('validator1', false)).toBe('InvalidReveal')
    expect(await reveal('validator2', true)).toBe('CommitMissing')
    expect(await reveal('viewer', true)).toBe('NotValidator')
    const args = [jobId, true, zeroHash, SPEC, 'carol', []]
    await world.as('validator1', 'validationModule', 'revealValidation', args)
    expect(await reveal('validator1', true)).toBe('AlreadyRevealed')
    expect(await call('viewer', 'finalize')).toBe('RevealPending')
    await world.pass(world.local.revealWindow + 1)
    expect(await reveal('validator1', true)).toBe('RevealPhaseClosed')
  })

  test('is counted once, and by the module alone', async () => {
    await world.pass(world.local.forceFinalizeGrace + 1)
    await world.as('viewer', 'validationModule', 'forceFinalize', [jobId])
    expect(await call('viewer', 'finalize')).toBe('AlreadyTallied')
    const refused = await world.refusal('operator', 'jobRegistry', 'finalizeAfterValidation', [jobId, true])
    expect(refused).toBe('OnlyValidationModule')
    expect(await world.refusal('viewer', 'jobRegistry', 'finalize', [jobId])).toBe('OnlyEmployer')
  })

  test('a pool below the minimum chooses nobody', async () => {
    // Three validators, each with a signer and a smart account.
    await world.as('governance', 'validationModule', 'setMinValidators', [7])
    jobId = await world.create('10')
    await world.apply(jobId)
    await world.submit(jobId)
    await world.pass(1)
    await world.pass(1)
    expect(await call('viewer', 'selectValidators', 1n)).toBe('ValidatorPoolTooSmall')
    await world.as('governance', 'validationModule', 'setMinValidators', [3])
  })
})

describe('disputes', () => {
  const raise = (who: string, jobId: bigint, reason = 'bad') =>
    world.refusal(who, 'jobRegistry', 'raiseDispute(uint256,string)', [jobId, reason])

  test('are raised by a participant, in the right state, with a reason and once', async () => {
    const jobId = await world.create('10')
    expect(await raise('viewer', jobId)).toBe('OnlyParticipant')
    expect(await raise('operator', jobId)).toBe('CannotDispute')
    expect(await raise('operator', jobId, '')).toBe('EvidenceMissing')
    expect(await world.refusal('operator', 'jobRegistry', 'dispute', [jobId, SPEC, ''])).toBe('EvidenceMissing')
    expect(await world.refusal('governance', 'disputeModule', 'resolveDispute', [jobId, true])).toBe('no dispute')
    expect(await world.refusal('viewer', 'disputeModule', 'resolveDispute', [jobId, true])).toBe('NotGovernance')
  })

  test('a second dispute of a job is refused', async () => {
    const jobId = await world.submitted('10')
    await world.vote(jobId, { validator1: true, validator2: true, validator3: true })
    await world.as('viewer', 'validationModule', 'finalize', [jobId])
    await world.as('operator', 'jobRegistry', 'dispute', [jobId, SPEC, 'see there'])
    expect(await raise('operator', jobId)).toBe('CannotDispute')
    await world.pass(world.local.disputeWindow)
    await world.as('governance', 'disputeModule', 'resolveDispute', [jobId, false])
    expect(await raise('operator', jobId)).toBe('disputed')
  })
})

describe('stake', () => {
  const deposit = (role: number, amount: bigint) =>
    world.refusal('agent', 'stakeManager', 'depositStake', [role, amount])
  const withdraw = (who: string, role: number, amount: bigint) =>
    world.refusal(who, 'stakeManager', 'withdrawStake', [role, amount])

  test('refuses unknown roles, nothing, and less than the minimum', async () => {
    expect(await deposit(3, 1n)).toBe('InvalidRole')
    expect(await deposit(0, 0n)).toBe('InvalidAmount')
    expect(await deposit(2, 1n)).toBe('BelowMinimumStake')
    expect(await withdraw('viewer', 0, 1n)).toBe('NoStake')
  })

  test('keeps what a running job has locked', async () => {
    const jobId = await world.create('10')
    await world.apply(jobId)
    const staked = await world.number('stakeManager', 'stakeOf', [world.address('agent'), 0])
    expect(await withdraw('agent', 0, staked)).toBe('InsufficientLocked')
    expect(await withdraw('agent', 0, staked + 1n)).toBe('InsufficientStake')
  })

  test('returns at once what is free', async () => {
    const before = await world.balance(world.address('validator1'))
    await world.as('validator1', 'stakeManager', 'withdrawStake', [1, parseEther('1')])
    expect(await world.balance(world.address('validator1'))).toBe(before + parseEther('1'))
  })
})

describe('governance', () => {
  test('alone may set terms, within their bounds', async () => {
    expect(await world.refusal('operator', 'jobRegistry', 'setFeePct', [6])).toBe('NotGovernance')
    expect(await world.refusal('governance', 'jobRegistry', 'setFeePct', [93])).toBe('InvalidPercentages')
    expect(await world.refusal('governance', 'feePool', 'setBurnPct', [101])).toBe('InvalidPercentages')
    expect(await world.refusal('operator', 'stakeManager', 'releaseEscrow', [SPEC, world.address('operator')])).toBe(
      'OnlyJobRegistry',
    )
  })

  test('pauses and unpauses everything at once', async () => {
    const deadline = (await world.now()) + DAY
    await world.as('governance', 'systemPause', 'pauseAll')
    const refused = await world.refusal('operator', 'jobRegistry', 'createJob', [1n, deadline, SPEC, 'ipfs://x'])
    expect(refused).toBe('EnforcedPause')
    await world.as('governance', 'systemPause', 'unpauseAll')
    await world.create('1')
  })

  test('a tax policy is acknowledged before anything else', async () => {
    await world.as('governance', 'jobRegistry', 'setTaxPolicyVersion', [1])
    const args = [parseEther('1'), (await world.now()) + DAY, SPEC, 'ipfs://x']
    expect(await world.refusal('operator', 'jobRegistry', 'createJob', args)).toBe('TaxPolicyNotAcknowledged')
    await world.as('operator', 'jobRegistry', 'acknowledgeTaxPolicy')
    await world.create('1')
    await world.as('governance', 'jobRegistry', 'setTaxPolicyVersion', [0])
  })
})
