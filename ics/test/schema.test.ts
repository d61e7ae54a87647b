import { readFile } from 'node:fs/promises'
import { describe, expect, test } from 'vitest'
import { digestOf } from '../src/canonical.ts'
import { contractFile, contractText, stale } from '../src/contract.ts'
import { intentOf } from '../src/http/body.ts'
import { Problem } from '../src/http/problem.ts'
import { HANDLERS } from '../src/router.ts'
import { TOOLS, type Tool } from '../src/schema.ts'

const HASH = `0x${'ab'.repeat(32)}`
const ens = { subdomain: 'alice' }
const job = { rewardAGIA: '50', deadline: 7, title: 'Cats', uri: 'ipfs://x', specHash: HASH }
const stake = { amountAGIA: '1', role: 'agent' }
const meta = { userId: 'operator', traceId: '7b1c1d3e-0000-4000-8000-000000000001' }

/** A payload that fits, for each tool. */
const GOOD: Record<Tool, Record<string, unknown>> = {
  'safety.moderation': { description: 'Paint' },
  'ipfs.pin': { spec: { a: 1 }, attachments: [{ name: 'a', cid: 'b', size: 3 }] },
  'job.post': { job },
  'job.collect': { jobId: '1' },
  'validator.quorum': { jobId: '12' },
  'job.finalize': { jobId: '1', success: true },
  'job.cancel': { jobId: '1', mode: 'cancel' },
  'job.reclaim': { jobId: '1', mode: 'reclaim' },
  'job.apply': { jobId: '1', ens: { ...ens, proof: [HASH] } },
  'job.submit': { jobId: '1', result: { uri: 'ipfs://x', hash: HASH }, ens },
  'validator.turn': { jobId: '1', stage: 'reveal' },
  'validator.commit': { jobId: '1', approve: true, stage: 'commit', ens },
  'validator.reveal': { jobId: '1', approve: false, stage: 'reveal' },
  'validator.dispute': { jobId: '1', reason: 'late' },
  'stake.deposit': { stake },
  'stake.withdraw': { stake },
  'governance.set': { key: 'feePct', value: 6 },
}
const tools = Object.keys(TOOLS) as Tool[]

function refusal(tool: Tool, params: unknown, more = {}): string {
  try {
    intentOf({ intent: TOOLS[tool].intent, params, confirm: true, meta, ...more })
    return 'accepted'
  } catch (error) {
    if (!(error instanceof Problem)) throw error
    return `${error.code} ${error.pointer}`
  }
}

describe('the tool table', () => {
  test.each(tools)('%s takes its payload, finds its tool, and refuses an unknown field', (tool) => {
    const params = GOOD[tool]
    expect(intentOf({ intent: TOOLS[tool].intent, params, confirm: true, meta }).tool).toBe(tool)
    expect(refusal(tool, { ...params, extra: 1 })).toBe('INTENT_INVALID /params/extra')
    expect(refusal(tool, params, { extra: 1 })).toBe('INTENT_INVALID /extra')
  })

  test.each(tools)('%s has a handler, and needs each of its fields', (tool) => {
    expect(HANDLERS[tool]).toBeTypeOf('function')
    for (const name of Object.keys(GOOD[tool])) {
      const { [name]: _, ...rest } = GOOD[tool]
      const optional = name === 'attachments' || (name === 'ens' && TOOLS[tool].intent === 'validate')
      if (!optional) expect(refusal(tool, rest)).toMatch(/^INTENT_INVALID \/params/)
    }
  })

  test('has one row a tool of the design, and tells the built ones', () => {
    expect(tools.filter((tool) => !TOOLS[tool].supported)).toEqual([])
    expect(tools.filter((tool) => TOOLS[tool].effect === 'wait')).toEqual(['job.collect', 'validator.quorum', 'validator.turn'])
    expect(tools).toHaveLength(17)
  })
})

// reliability.md M10.
const BAD_AMOUNTS = ['0', '0.0', '-1', '-0', '+1', 'NaN', 'sNaN', 'Infinity', '1e400', '1E5', '1_000', '1,000', '１２', '٣', ' 1 ', '1 ', '1\n', '', '.5', '5.', '01', '0x10', '1.0.0', `1.${'1'.repeat(19)}`, '9'.repeat(31), '9'.repeat(5_000)]

describe('amounts', () => {
  const fields = [
    ['job.post', '/params/job/rewardAGIA', (bad: unknown) => ({ job: { ...job, rewardAGIA: bad } })],
    ['stake.deposit', '/params/stake/amountAGIA', (bad: unknown) => ({ stake: { ...stake, amountAGIA: bad } })],
    ['stake.withdraw', '/params/stake/amountAGIA', (bad: unknown) => ({ stake: { ...stake, amountAGIA: bad } })],
  ] as const
  test.each(fields)('%s refuses every bad form in %s', (tool, pointer, wrap) => {
    for (const bad of [...BAD_AMOUNTS, 5, 0.5, null, true, [], {}]) {
      expect([bad, refusal(tool, wrap(bad))]).toEqual([bad, `INTENT_INVALID ${pointer}`])
    }
    for (const good of ['1', '50', '1.005', '0.000000000000000001', '9'.repeat(30)]) expect(refusal(tool, wrap(good))).toBe('accepted')
  })
})

describe('values', () => {
  const DEEP = '1'.padEnd(78, '9')
  test.each<[string, Tool, unknown, string]>([
    ['job 0', 'job.collect', { jobId: '0' }, '/params/jobId'],
    ['a leading zero', 'job.collect', { jobId: '01' }, '/params/jobId'],
    ['a number for a job', 'job.collect', { jobId: 1 }, '/params/jobId'],
    ['a job beyond uint256', 'job.collect', { jobId: DEEP.replace('1', '9') }, '/params/jobId'],
    ['a hash of 31 bytes', 'job.post', { job: { ...job, specHash: HASH.slice(0, 64) } }, '/params/job/specHash'],
    ['no days', 'job.post', { job: { ...job, deadline: 0 } }, '/params/job/deadline'],
    ['half a day', 'job.post', { job: { ...job, deadline: 1.5 } }, '/params/job/deadline'],
    ['a full ENS name', 'job.apply', { jobId: '1', ens: { subdomain: 'alice.agi.eth' } }, '/params/ens/subdomain'],
    ['null for an optional field', 'validator.turn', { jobId: '1', stage: 'commit', ens: null }, '/params/ens'],
    ['an empty result', 'job.submit', { jobId: '1', result: {}, ens }, '/params/result'],
    ['a dispute about nothing', 'validator.dispute', { jobId: '1' }, '/params'],
    ['a role of nobody', 'stake.deposit', { stake: { amountAGIA: '1', role: 'king' } }, '/params/stake/role'],
    ['two stages', 'validator.commit', { jobId: '1', approve: true, stage: 'both' }, '/params/stage'],
  ])('%s is refused', (_, tool, params, pointer) => {
    expect(refusal(tool, params)).toBe(`INTENT_INVALID ${pointer}`)
  })

  test('meta needs a user, a trace and a known road', () => {
    for (const wrong of [{ ...meta, userId: '' }, { ...meta, userId: 'a b' }, { userId: 'a' }, { ...meta, traceId: 'x' }, { ...meta, txMode: 'fast' }, { ...meta, extra: 1 }]) {
      expect(refusal('job.collect', { jobId: '1' }, { meta: wrong })).toMatch(/^INTENT_INVALID \/meta/)
    }
    expect(refusal('job.collect', { jobId: '1' }, { meta: { ...meta, txMode: 'meta-tx' } })).toBe('accepted')
    expect(() => intentOf({ intent: 'rob_bank', params: {}, confirm: true, meta })).toThrow('no such intent')
  })
})

describe('the exported contract', () => {
  test('is what config/ics.contract.json says', async () => {
    const file = await readFile(new URL('../../config/ics.contract.json', import.meta.url), 'utf8')
    expect(stale(file), 'run npm run contract').toEqual([])
    expect(file).toBe(contractText())
  })

  test('says which word of a stale file drifted', () => {
    const text = contractText()
    const cases: [string, string[]][] = [
      [text.replace('"holds": "stake"', '"holds": "escrow"'), ['/tools/stake.deposit/holds: the file says "escrow", the schema "stake"']],
      [text.replace(/"maxLength": 200/, '"maxLength": 100'), ['/tools/job.post/params/properties/job/properties/title/maxLength: the file says 100, the schema 200']],
      [text.replace('"userId"', '"user"'), [expect.stringContaining('/meta/properties/user: '), expect.stringContaining('/meta/properties/userId: the file says nothing')]],
      [text.replace('"wait",', '"money",'), [expect.stringMatching('^/tools/job.collect/effect: the file says "money", the schema "wait"$')]],
      [text.replace(/"digest": "[0-9a-f]{8}/, '"digest": "00000000'), ['a digest or the form of the file differs, every word is the same']],
      ['', [expect.stringContaining(': the file says nothing, the schema {"version":1')]],
    ]
    for (const [file, words] of cases) expect(stale(file)).toEqual(words)
  })

  test('has a digest for each row and one over all', () => {
    const { digest, ...body } = contractFile()
    expect(digest).toBe(digestOf(body))
    for (const { digest: own, ...row } of Object.values(body.tools)) {
      expect(own).toBe(digestOf(row))
      expect(row.params).toMatchObject({ type: 'object', additionalProperties: false })
    }
  })
})
