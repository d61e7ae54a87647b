import { readFile, readdir } from 'node:fs/promises'
import { join } from 'node:path'
import { describe, expect, test } from 'vitest'
import { z } from 'zod'
import { ALIASES, type Key, SETTINGS, settingOf } from '../src/governance.ts'
import { golden } from './golden.ts'
import { type Ask, freshKey } from './ics.ts'
import { ics, staged } from './stage.ts'

staged()

const HASH = `0x${'1f'.repeat(32)}`
const ADDRESS = '0x3333333333333333333333333333333333333333'
const set = (key: string, value: unknown, user = 'governance'): Ask => ({ intent: 'admin_set', params: { key, value }, user, key: freshKey('set') })
async function said(ask: Ask) {
  const answer = await ics.ask(ask)
  const status = await ics.status(answer.key)
  return { text: answer.text, http: answer.http, json: answer.json, ...status, spoken: answer.lines, code: status.error?.code }
}
const record = async (key: string) => JSON.parse(await readFile(join(ics.folder, 'governance', `${key.replaceAll(':', '+')}.json`), 'utf8')) as unknown

// A value of each setting, how it stands before on a fresh local chain, and how it is shown after.
const CASES: [keyof typeof SETTINGS, unknown, string, string][] = [
  ['stakeManager.setMinStake', '2.5', '1.00', '2.50'],
  ['stakeManager.setFeePct', 3, '0', '3'],
  ['stakeManager.setBurnPct', '0', '0', '0'],
  ['stakeManager.setValidatorRewardPct', '8', '0', '8'],
  ['stakeManager.setTreasury', ADDRESS, '0x0000000000000000000000000000000000000000', ADDRESS],
  ['jobRegistry.setFeePct', '5', '5', '5'],
  ['jobRegistry.setJobStake', '1.5', '1.00', '1.50'],
  ['jobRegistry.setMaxJobReward', '500', '1000.00', '500.00'],
  ['jobRegistry.setJobDurationLimit', '7 days', '604800', '604800'],
  ['jobRegistry.setJobParameters', { maxReward: '700', jobStake: '2' }, '500.00, 1.50', '700.00, 2.00'],
  ['jobRegistry.setValidatorRewardPct', 8, '8', '8'],
  ['feePool.setBurnPct', 1, '1', '1'],
  ['feePool.setTreasury', ADDRESS, '0x0000000000000000000000000000000000000000', ADDRESS],
  ['systemPause.pauseAll', 'true', 'none', 'all'],
  ['systemPause.unpauseAll', true, 'all', 'none'],
  ['identityRegistry.setAgentRootNode', HASH, `0x${'0'.repeat(64)}`, HASH],
  ['identityRegistry.setClubRootNode', HASH, `0x${'0'.repeat(64)}`, HASH],
  ['identityRegistry.setAgentMerkleRoot', HASH, `0x${'0'.repeat(64)}`, HASH],
  ['identityRegistry.setValidatorMerkleRoot', HASH, `0x${'0'.repeat(64)}`, HASH],
  ['identityRegistry.setENS', ADDRESS, '0x0000000000000000000000000000000000000000', ADDRESS],
  ['identityRegistry.setNameWrapper', ADDRESS, '0x0000000000000000000000000000000000000000', ADDRESS],
  ['identityRegistry.addAdditionalAgent', ADDRESS, 'false', 'true'],
  ['identityRegistry.removeAdditionalAgent', ADDRESS, 'true', 'false'],
  ['identityRegistry.addAdditionalValidator', ADDRESS, 'false', 'true'],
  ['identityRegistry.removeAdditionalValidator', ADDRESS, 'true', 'false'],
]

describe('admin_set', () => {
  test('every key is tried here', () => {
    expect(CASES.map(([key]) => key).sort()).toEqual(Object.keys(SETTINGS).sort())
  })

  test.each(CASES)('%s changes what it says', async (key, value, before, after) => {
    const shown = await said({ ...set(key, value), confirm: false })
    expect(shown).toMatchObject({ outcome: 'dry_run', outputs: { key, before, after } })
    const done = await said(set(key, value))
    expect(done).toMatchObject({ outcome: 'executed', outputs: { key, before, after } })
    expect(await record(done.key)).toMatchObject({ action: key, before, after, tx: done.receipt?.txes[0], user: 'governance' })
  })

  test('a short key means one setting', async () => {
    for (const [short, name] of Object.entries(ALIASES)) expect(settingOf(short as Key).name).toBe(name)
    const short = (name: string) => name.split('.')[1]
    const meant = Object.values(ALIASES)
    for (const name of meant.filter((name) => name !== 'jobRegistry.setFeePct')) {
      expect(Object.keys(SETTINGS).filter((other) => short(other) === short(name))).toEqual([name])
    }
  })

  test('shows and says what it does, and that a fee which fees.json does not know stops admission', async () => {
    const shown = await said({ ...set('feePct', '6'), confirm: false })
    await golden('admin_set/dry_run', shown)
    expect(await readdir(join(ics.folder, 'governance')).then((names) => names.filter((name) => name.startsWith('dry')))).toEqual([])
    const done = await said(set('feePct', '6'))
    await golden('admin_set/executed', done)
    expect(done.spoken.at(-1)).toBe('✅ Updated jobRegistry.setFeePct. Admission stops (CONTRACT_DRIFT) until feePct of config/fees.json is 6.')
    const facts = z.object({ chain: z.object({ fees: z.object({ feePct: z.number() }) }) }).parse(await ics.get('/contract'))
    expect(facts.chain.fees.feePct).toBe(6)
    const back = await said(set('jobRegistry.setFeePct', 5))
    expect(back.spoken.at(-1)).toBe('✅ Updated jobRegistry.setFeePct.')
  })

  test('two values are two differences', async () => {
    const { text } = await said({ ...set('jobParameters', { maxReward: '10', jobStake: '3' }), confirm: false })
    expect(text).toContain('• diff maxJobReward: 700.00 → 10.00\n• diff jobStake: 2.00 → 3.00\n')
  })

  test('is refused to anybody but the owner, for percentages above 100 together, and for a mistyped address', async () => {
    const other = await said(set('feePct', 6, 'operator'))
    expect(other).toMatchObject({ outcome: 'rejected', code: 'NOT_GOVERNANCE' })
    expect(await record(other.key)).toMatchObject({ after: null, tx: null, user: 'operator' })
    await golden('admin_set/rejected.NOT_GOVERNANCE', other)
    await golden('admin_set/rejected.INVALID_PERCENTAGES', await said(set('feePct', 93)))
    const mistyped = '0xD8dA6BF26964aF9D7eEd9e03E53415D37aA96045'
    await golden('admin_set/rejected.PARAM_INVALID', await said(set('stakeManager.setTreasury', mistyped)))
  })

  test.each([
    ['a key that nobody knows', 'burnPct', 2, 'key'],
    ['a percentage above 100', 'feePct', 101, 'value'],
    ['a percentage in words', 'feePct', 'six', 'value'],
    ['an amount with its unit', 'maxJobReward', '5 AGIALPHA', 'value'],
    ['a stake that the chain cannot count', 'jobStake', '10000000000', 'value'],
    ['a duration in words', 'jobDurationLimit', 'soon', 'value'],
    ['an address that is none', 'ens', '0x12', 'value'],
    ['half of the terms', 'jobParameters', { maxReward: '1' }, 'value'],
    ['no consent to a pause', 'pauseAll', false, 'value'],
  ])('%s does not come as far as a handler', async (_, key, value, where) => {
    const refused = await said(set(key, value))
    expect([refused.http, refused.json['code']]).toEqual([422, 'INTENT_INVALID'])
    expect(JSON.stringify(refused.json)).toContain(`/params/${where}`)
  })

  test.each([
    [604_800, '604800'],
    ['604800s', '604800'],
    ['3d', '259200'],
    [{ days: 2 }, '172800'],
    ['0', '0'],
  ])('a duration of %j is %s seconds', async (value, after) => {
    expect(await said({ ...set('jobDurationLimit', value), confirm: false })).toMatchObject({ outputs: { after } })
  })
})
