import { mkdtemp, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { dirname, join } from 'node:path'
import { describe, expect, test } from 'vitest'
import { Rehearsal } from '../src/access/rehearsal.ts'
import { NotCanonical, canonical } from '../src/canonical.ts'
import { readChain } from '../src/chain/client.ts'
import { DryRuns } from '../src/engine/dry.ts'
import { retryAfter } from '../src/engine/pace.ts'
import { Transcript } from '../src/engine/transcript.ts'
import { failureLine, failureOf, upperSnake } from '../src/errors.ts'
import { block, line } from '../src/lines.ts'
import { Locks } from '../src/locks.ts'
import { Moderation, likeness } from '../src/moderation.ts'
import { AmountInvalid, formatAmount, parseAmount } from '../src/money.ts'
import { Pins } from '../src/pins.ts'
import { readSettings } from '../src/settings.ts'
import { blankStatus } from '../src/status.ts'

describe('canonical JSON', () => {
  test('sorts by UTF-16, writes numbers as ECMAScript does, escapes little (RFC 8785, 3.2)', () => {
    const value = { numbers: [333333333.33333329, 1e30, 4.5, 2e-3, 1e-27, -0], string: '€$\u000f\nA\'B"\\\\"/', literals: [null, true, false] }
    expect(canonical(value)).toBe(
      '{"literals":[null,true,false],"numbers":[333333333.3333333,1e+30,4.5,0.002,1e-27,0],"string":"€$\\u000f\\nA\'B\\"\\\\\\\\\\"/"}',
    )
    const keys = { '\u20ac': 1, '\r': 2, '\ufb33': 3, '1': 4, '\u{1f600}': 5, '\u0080': 6, 'ö': 7 }
    expect(Object.values(JSON.parse(canonical(keys)) as object).length).toBe(7)
    expect(canonical(keys)).toBe('{"\\r":2,"1":4,"\u0080":6,"ö":7,"€":1,"😀":5,"\ufb33":3}')
  })

  test('does not hold NaN, nor half of a surrogate pair', () => {
    for (const a of [Number.NaN, Number.POSITIVE_INFINITY, undefined, '\ud800', ['\\\udc00']]) {
      expect(() => canonical(a === undefined ? a : { a })).toThrow(NotCanonical)
    }
  })
})

describe('money', () => {
  test.each([
    ['1', '1.00'],
    ['1.005', '1.005'],
    ['0.000000000000000001', '0.000000000000000001'],
    ['52.5', '52.50'],
    ['0', '0.00'],
    ['999999999999999999999999999999.999999999999999999', '999999999999999999999999999999.999999999999999999'],
  ])('%s prints as %s and comes back', (text, printed) => {
    expect(formatAmount(parseAmount(text))).toBe(printed)
    expect(parseAmount(printed)).toBe(parseAmount(text))
  })
  test.each(['-1', '1e3', '', '01', '1.', '1.0000000000000000001'])('%s is no amount', (text) => {
    expect(() => parseAmount(text)).toThrow(AmountInvalid)
  })
})

describe('errors of the contracts', () => {
  test.each([
    ['ERC20InsufficientBalance', 'INSUFFICIENT_BALANCE'],
    ['ERC20InsufficientAllowance', 'INSUFFICIENT_ALLOWANCE'],
    ['NotAuthorizedAgent', 'ENS_MISMATCH'],
    ['UnauthorizedValidator', 'ENS_MISMATCH'],
    ['InvalidDeadline', 'DEADLINE_INVALID'],
    ['DurationTooLong', 'DEADLINE_INVALID'],
    ['BlacklistedEmployer', 'BLACKLISTED_EMPLOYER'],
    ['Error', 'UNKNOWN_REVERT'],
  ])('%s is %s with a sentence and a way out', (name, code) => {
    const failure = failureOf(name, ['0xabc', 5n * 10n ** 17n, 10n ** 18n])
    expect(failure.code).toBe(code)
    expect(failureLine(failure)).toMatch(/^❌ [A-Z0-9_]+: .{5,120}\.$/)
    expect(failure.fix).toBeTruthy()
  })
  test('names become upper snake', () => {
    expect(['ERC20InvalidReceiver', 'NoStake', 'EnforcedPause'].map(upperSnake)).toEqual(['ERC20_INVALID_RECEIVER', 'NO_STAKE', 'ENFORCED_PAUSE'])
  })
})

describe('lines', () => {
  test('no text of a caller breaks one in two', () => {
    expect(line('a\r\n✅ b\u0000')).toBe('a ✅ b \n')
    expect(block('T', ['x', 'y\nz'])).toBe('T\n• x\n• y z\n')
  })
  test('a transcript gives every reader all lines, and lets go when nothing comes', async () => {
    const transcript = new Transcript(['stored'])
    const read = async () => {
      let text = ''
      for await (const part of transcript.follow(200)) text += part
      return text
    }
    const [early, idle] = [read(), read()]
    transcript.append('live')
    expect(await Promise.all([early, idle])).toEqual(['stored\nlive\n', 'stored\nlive\n'])
    transcript.end()
    expect(await read()).toBe('stored\nlive\n')
  })
})

describe('small parts', () => {
  test('a lock has one holder at a time, in the order of asking', async () => {
    const locks = new Locks()
    const order: string[] = []
    const work = async (name: string) => {
      const release = await locks.acquire('signer')
      order.push(`${name} in`)
      await new Promise((resolve) => setTimeout(resolve, 5))
      order.push(`${name} out`)
      release()
    }
    await Promise.all([work('a'), work('b'), work('c')])
    expect(order).toEqual(['a in', 'a out', 'b in', 'b out', 'c in', 'c out'])
  })
  test('a look comes again after 1 to 60 seconds, 2 on the local chain', () => {
    expect([0, 30_000, 100_000, 10 ** 9].map((age) => retryAfter(age, 1))).toEqual([1, 1, 5, 60])
    expect([0, 10 ** 9].map((age) => retryAfter(age, 31_337))).toEqual([1, 2])
  })
  test('dry runs are kept up to a thousand', () => {
    const dry = new DryRuns()
    const state = new Rehearsal(readChain('http://127.0.0.1:1'))
    for (let n = 0; n <= 1_000; n++) dry.put(blankStatus(`dry:${n}`, 'dry_run'), state)
    expect([dry.get('dry:0'), dry.get('dry:1')?.key]).toEqual([undefined, 'dry:1'])
  })
  test('banned terms are whole words in any form; likeness is of word triples', () => {
    const moderation = new Moderation(['ddos', 'exploit kit'])
    expect(moderation.screen('a DDoS!').banned).toEqual(['ddos'])
    expect(moderation.screen('an Exploit-Kit').banned).toEqual(['exploit kit'])
    expect(moderation.screen('exploits').banned).toEqual([])
    const [a, b] = ['one two three four', 'one two three five'].map((text) => moderation.screen(text).shingles)
    expect(likeness(a ?? new Set(), b ?? new Set())).toBeCloseTo(1 / 3)
  })
})

describe('settings', () => {
  const good = { ICS_TOKEN: 'x'.repeat(16), ICS_JOURNAL: 'j', ICS_DEPLOYMENT: 'd', ICS_PIN_DIR: 'p' }
  test('have defaults for what may be absent', () => {
    expect(readSettings({ ...good, ICS_HEIGHT_FILE: '' })).toMatchObject({ port: 0, host: '127.0.0.1', depth: 1, heightFile: undefined })
  })
  test.each([
    ['ICS_TOKEN', { ICS_TOKEN: undefined }],
    ['ICS_PORT', { ICS_PORT: '70000' }],
    ['ICS_PORT', { ICS_PORT: 'x' }],
    ['ONEBOX_FEE_PCT', { ONEBOX_FEE_PCT: '101' }],
    ['ONEBOX_BURN_PCT', { ONEBOX_BURN_PCT: '1.5' }],
    ['RPC_URL', { RPC_URL: 'nowhere' }],
    ['ICS_TOKNE', { ICS_TOKNE: 'x' }],
    ['ICS_LOG_LEVEL', { ICS_LOG_LEVEL: 'loud' }],
  ])('that are wrong name %s', (name, change) => {
    expect(() => readSettings({ ...good, ...change })).toThrow(name)
  })
})

describe('pins', () => {
  test('are kept again as soon as their folder can be made', async () => {
    const place = join(await mkdtemp(join(tmpdir(), 'pins-')), 'place')
    const pins = new Pins(join(place, 'pins'))
    await writeFile(place, 'in the way')
    await expect(pins.keep({ a: 1 })).rejects.toThrow()
    await rm(place)
    expect(await pins.keep({ a: 1 })).toMatchObject({ uri: expect.stringMatching(/^ipfs:/) })
    await rm(dirname(place), { recursive: true })
  })
})
