import { describe, expect, test } from 'vitest'
import { golden } from './golden.ts'
import type { Ask } from './ics.ts'
import { ics, staged, world } from './stage.ts'

staged((on) => on.stakeAll())

const withdraw = (amountAGIA: string, user = 'agent', role = 'agent'): Ask => ({ intent: 'withdraw', params: { stake: { amountAGIA, role } }, user })
async function said(ask: Ask) {
  const answer = await ics.ask(ask)
  const status = await ics.status(answer.key)
  return { text: answer.text, ...status, code: status.error?.code }
}

describe('withdraw', () => {
  test('shows and does: the stake is back at once', async () => {
    await golden('withdraw/dry_run', await said({ ...withdraw('7.5'), confirm: false }))
    const before = await world.balance(world.address('agent'))
    const done = await said(withdraw('7.5'))
    await golden('withdraw/executed', done)
    expect(done).toMatchObject({ outcome: 'executed', outputs: { amount: '7.50', role: 'agent' } })
    expect(done.receipt?.payouts).toEqual([{ to: world.address('agent'), amount: '7.50', role: 'agent' }])
    expect((await world.balance(world.address('agent'))) - before).toBe(75n * 10n ** 17n)
  })

  test('of more than a running job leaves free is refused with the figures', async () => {
    await world.apply(await world.create('10'))
    const locked = await said(withdraw('92.5'))
    expect(locked).toMatchObject({ outcome: 'rejected', code: 'INSUFFICIENT_LOCKED' })
    expect(locked.error?.message).toBe('Running jobs lock a part of this stake. Staked as agent: 92.50, locked in jobs: 1.00; minimum: 1.00.')
    await golden('withdraw/rejected.INSUFFICIENT_LOCKED', locked)
    await golden('withdraw/rejected.INSUFFICIENT_STAKE', await said(withdraw('93')))
  })

  test.each([
    ['nothing was staked in the role', withdraw('1', 'agent', 'platform'), 'NO_STAKE'],
    ['the rest would be below the minimum', withdraw('9.5', 'validator1', 'validator'), 'BELOW_MINIMUM_STAKE'],
  ])('when %s is refused', async (_, ask, code) => {
    const refused = await said(ask)
    await golden(`withdraw/rejected.${code}`, refused)
    expect(refused.error?.message).toContain('Staked as ')
    expect(refused.error?.fix).not.toBe('')
  })

  test('of nothing does not come as far as a handler', async () => {
    expect(await ics.ask(withdraw('0'))).toMatchObject({ http: 422, json: { code: 'INTENT_INVALID' } })
  })
})
