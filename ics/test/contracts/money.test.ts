import { parseEther } from 'viem'
import { afterAll, beforeAll, beforeEach, describe, expect, test } from 'vitest'
import { z } from 'zod'
import { VALIDATORS, World } from '../world.ts'

const ALL_YES = { validator1: true, validator2: true, validator3: true }
let world: World

beforeAll(async () => {
  world = await World.start()
  await world.stakeAll()
})
afterAll(() => world.stop())

/** How far each account moved since it was made. */
class Ledger {
  private constructor(private readonly before: Record<string, bigint>) {}

  static async open(): Promise<Ledger> {
    return new Ledger(await balances())
  }

  async moved(): Promise<Record<string, bigint>> {
    const now = await balances()
    return Object.fromEntries(Object.entries(now).map(([who, value]) => [who, value - (this.before[who] ?? 0n)]))
  }
}

async function balances(): Promise<Record<string, bigint>> {
  const of = async (name: string) => [name, await world.balance(world.address(name))] as const
  const users = await Promise.all(['operator', 'agent', ...VALIDATORS].map(of))
  const pool = await world.balance(world.where('feePool'))
  const held = await world.balance(world.where('stakeManager'))
  const supply = await world.number('token', 'totalSupply')
  return { ...Object.fromEntries(users), pool, held, supply }
}

const sum = (values: bigint[]) => values.reduce((a, b) => a + b, 0n)

describe('a job that succeeds', () => {
  test.each(['100', '50', '0.000000000000000007', '1.005000000000000003'])(
    'pays a reward of %s out to the base unit',
    async (reward) => {
      const ledger = await Ledger.open()
      const jobId = await world.submitted(reward)
      const W = parseEther(reward)
      const fee = (W * 5n) / 100n
      expect((await ledger.moved())['operator']).toBe(-W - fee)
      await world.vote(jobId, ALL_YES)
      await world.as('viewer', 'validationModule', 'finalize', [jobId])
      expect(await world.state(jobId)).toMatchObject({ state: 4, success: true })
      await world.as('operator', 'jobRegistry', 'finalize', [jobId])
      const moved = await ledger.moved()
      const pot = (W * 8n) / 100n
      expect(moved['agent']).toBe(W - pot)
      const shares = VALIDATORS.map((who) => moved[who] ?? 0n)
      expect(sum(shares)).toBe(pot)
      expect(shares.filter((share) => share === pot / 3n).length).toBeGreaterThanOrEqual(2)
      expect(moved['supply']).toBe(-(fee / 100n))
      expect(moved['pool']).toBe(fee - fee / 100n)
      expect(moved['held']).toBe(0n)
      expect(await world.state(jobId)).toMatchObject({ state: 6, success: true })
    },
  )

  test('W = 100: 105 out; 92 + 8 + 4.95 in, 0.05 burnt', async () => {
    const ledger = await Ledger.open()
    const jobId = await world.submitted('100')
    await world.vote(jobId, ALL_YES)
    await world.as('viewer', 'validationModule', 'finalize', [jobId])
    await world.as('operator', 'jobRegistry', 'finalize', [jobId])
    const moved = await ledger.moved()
    expect(moved['operator']).toBe(parseEther('-105'))
    expect(moved['agent']).toBe(parseEther('92'))
    expect(sum(VALIDATORS.map((who) => moved[who] ?? 0n))).toBe(parseEther('8'))
    expect(moved['pool']).toBe(parseEther('4.95'))
    expect(moved['supply']).toBe(parseEther('-0.05'))
  })

  test('only those who voted with the outcome share; the heaviest takes the remainder', async () => {
    await world.stake('validator1', 1, '1')
    const ledger = await Ledger.open()
    const jobId = await world.submitted('100')
    await world.vote(jobId, { ...ALL_YES, validator3: false })
    await world.as('viewer', 'validationModule', 'finalize', [jobId])
    await world.as('operator', 'jobRegistry', 'finalize', [jobId])
    const moved = await ledger.moved()
    const light = (parseEther('8') * 10n) / 21n
    expect(moved).toMatchObject({ validator1: parseEther('8') - light, validator2: light, validator3: 0n })
  })

  test('a burn percentage is taken out of the pay of the agent', async () => {
    await world.as('governance', 'stakeManager', 'setBurnPct', [2])
    const ledger = await Ledger.open()
    const jobId = await world.submitted('100')
    await world.vote(jobId, ALL_YES)
    await world.as('viewer', 'validationModule', 'finalize', [jobId])
    await world.as('operator', 'jobRegistry', 'finalize', [jobId])
    await world.as('governance', 'stakeManager', 'setBurnPct', [0])
    expect(await ledger.moved()).toMatchObject({ agent: parseEther('90.16'), supply: parseEther('-1.89') })
  })

  test('the fee is fixed when the job is created', async () => {
    const ledger = await Ledger.open()
    const jobId = await world.submitted('100')
    await world.as('governance', 'jobRegistry', 'setFeePct', [10])
    await world.vote(jobId, ALL_YES)
    await world.as('viewer', 'validationModule', 'finalize', [jobId])
    await world.as('operator', 'jobRegistry', 'finalize', [jobId])
    await world.as('governance', 'jobRegistry', 'setFeePct', [5])
    expect(await ledger.moved()).toMatchObject({ operator: parseEther('-105'), pool: parseEther('4.95') })
  })
})

describe('a job that fails', () => {
  const NO = { validator1: false, validator2: false, validator3: true }
  let ledger: Ledger
  let jobId: bigint

  beforeEach(async () => {
    ledger = await Ledger.open()
    jobId = await world.submitted('100')
  })

  test('a lost vote, disputed and resolved for the employer, returns the escrow and the slashed job stake', async () => {
    await world.vote(jobId, NO)
    await world.as('viewer', 'validationModule', 'finalize', [jobId])
    expect(await world.state(jobId)).toMatchObject({ state: 5, success: false })
    expect(await world.refusal('operator', 'jobRegistry', 'finalize', [jobId])).toBe('InvalidJobState')
    await resolve(true)
    await world.as('operator', 'jobRegistry', 'finalize', [jobId])
    expect(await world.state(jobId)).toMatchObject({ state: 6, success: false })
    // 105 escrow and 1 dispute fee are back; 1 of the agent's stake comes on top.
    expect(await ledger.moved()).toMatchObject({ operator: parseEther('1'), agent: 0n, pool: 0n, supply: 0n })
  })

  test('a dispute resolved for the agent pays him, and those validators who were right', async () => {
    await world.vote(jobId, NO)
    await world.as('viewer', 'validationModule', 'finalize', [jobId])
    await resolve(false)
    await world.as('operator', 'jobRegistry', 'finalize', [jobId])
    expect(await ledger.moved()).toMatchObject({ agent: parseEther('92'), validator3: parseEther('8'), validator1: 0n })
  })

  test('no quorum returns the escrow by forceFinalize, and the agent keeps his stake', async () => {
    await world.vote(jobId, { validator1: true })
    await world.pass(world.local.revealWindow + 1)
    expect(await world.refusal('viewer', 'validationModule', 'finalize', [jobId])).toBe('InsufficientValidators')
    expect(await world.refusal('viewer', 'validationModule', 'forceFinalize', [jobId])).toBe('RevealPending')
    await world.pass(world.local.forceFinalizeGrace + 1)
    await world.as('viewer', 'validationModule', 'forceFinalize', [jobId])
    expect(await world.state(jobId)).toMatchObject({ state: 4, success: false })
    await world.as('operator', 'jobRegistry', 'finalize', [jobId])
    expect(await ledger.moved()).toMatchObject({ operator: 0n, agent: 0n, held: 0n, supply: 0n })
    expect(await world.number('stakeManager', 'lockedStakes', [world.address('agent')])).toBe(0n)
  })

  async function resolve(employerWins: boolean): Promise<void> {
    await world.as('operator', 'jobRegistry', 'raiseDispute(uint256,string)', [jobId, 'not what was asked'])
    expect(await world.refusal('governance', 'disputeModule', 'resolveDispute', [jobId, true])).toBe('window')
    await world.pass(world.local.disputeWindow)
    await world.as('governance', 'disputeModule', 'resolveDispute', [jobId, employerWins])
  }
})

describe('a job that is taken home', () => {
  test('cancel returns everything while nobody has it', async () => {
    const ledger = await Ledger.open()
    const jobId = await world.create('100')
    await world.as('operator', 'jobRegistry', 'cancelJob', [jobId])
    expect(await ledger.moved()).toMatchObject({ operator: 0n, held: 0n })
    expect(await world.state(jobId)).toMatchObject({ state: 7 })
  })

  test.each(['cancelExpiredJob', 'claimTimeout'])('%s returns the escrow after deadline and grace', async (way) => {
    const ledger = await Ledger.open()
    const jobId = await world.create('100')
    await world.apply(jobId)
    await world.pass(86_400)
    expect(await world.refusal('viewer', 'jobRegistry', way, [jobId])).toBe('DeadlineNotReached')
    await world.pass(world.local.expirationGracePeriod + 1)
    await world.as('viewer', 'jobRegistry', way, [jobId])
    // The escrow is back in full; the agent's job stake comes on top.
    expect(await ledger.moved()).toMatchObject({ operator: parseEther('1'), held: parseEther('-1') })
    expect(await world.state(jobId)).toMatchObject({ state: 6, success: false })
  })
})

test('the book shows a job as v2 packs it', async () => {
  const jobId = await world.create('100')
  const job = z.array(z.unknown()).parse(await world.read('jobRegistry', 'jobs', [jobId]))
  const packed = z.bigint().parse(job[8])
  const bits = (offset: bigint, width: bigint) => (packed >> offset) & ((1n << width) - 1n)
  expect(job).toHaveLength(9)
  expect(job.slice(0, 5)).toEqual([world.address('operator'), expect.any(String), parseEther('100'), parseEther('1'), 0n])
  expect([bits(0n, 3n), bits(13n, 32n)]).toEqual([1n, 5n])
  expect(bits(77n, 64n)).toBeGreaterThan(await world.now())
  expect(await world.number('jobRegistry', 'nextJobId')).toBe(jobId)
})
