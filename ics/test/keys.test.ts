import { setTimeout as sleep } from 'node:timers/promises'
import { describe, expect, test } from 'vitest'
import { freshKey } from './ics.ts'
import { ics, proxy, stagedBehindProxy, world } from './stage.ts'

const SEND = 'eth_sendRawTransaction'

stagedBehindProxy()

const deposit = (amountAGIA = '10', user = 'agent') => ({ intent: 'stake', params: { stake: { amountAGIA, role: 'agent' } }, user, key: freshKey() })
const staked = (user: string) => world.number('stakeManager', 'stakeOf', [world.address(user), 0])

/** Holds back the next transaction until it is let go. */
function hold(): { reached: Promise<void>; let_go: () => void } {
  let let_go = () => {}
  const gate = new Promise<void>((resolve) => (let_go = resolve))
  const reached = new Promise<void>((resolve) => {
    proxy.watch = { before: (method) => (method === SEND ? (resolve(), gate) : Promise.resolve()) }
  })
  return { reached, let_go }
}

describe('a key', () => {
  test('replays byte for byte, and moves money once', async () => {
    const ask = deposit()
    const first = await ics.ask(ask)
    const held = await staked('agent')
    const [second, third] = await Promise.all([ics.ask(ask), ics.ask(ask)])
    expect([second.text, third.text]).toEqual([first.text, first.text])
    expect(first.key).toBe(ask.key)
    expect(await staked('agent')).toBe(held)
    expect(await ics.status(ask.key)).toMatchObject({ outcome: 'executed', lines: first.lines.length })
  })

  test('with another request is KEY_REUSED', async () => {
    const ask = deposit()
    await ics.ask(ask)
    const other = await ics.ask({ ...deposit('11'), key: ask.key })
    expect([other.http, other.json['code']]).toEqual([409, 'KEY_REUSED'])
  })

  test('asked ten times at once has one effect and one transcript', async () => {
    const before = await staked('agent')
    const ask = deposit('10')
    const answers = await Promise.all(Array.from({ length: 10 }, () => ics.ask(ask)))
    expect(new Set(answers.map(({ text }) => text)).size).toBe(1)
    expect((await staked('agent')) - before).toBe(10n ** 19n)
  })

  test('that runs gives its first line to whoever attaches', async () => {
    const { reached, let_go } = hold()
    const ask = deposit()
    const first = ics.ask(ask)
    await reached
    expect(await ics.status(ask.key)).toMatchObject({ outcome: 'in_progress' })
    const attached = ics.ask(ask)
    await sleep(50)
    let_go()
    const [a, b] = await Promise.all([first, attached])
    expect(b.text).toBe(a.text)
    expect(b.lines[0]).toBe('🔍 Deposit stake dry-run (direct)')
  })

  test('goes on when its client goes away', async () => {
    const { reached, let_go } = hold()
    const ask = deposit()
    const leave = new AbortController()
    const answer = await ics.open(ask, leave.signal)
    await reached
    leave.abort()
    await answer.text().catch(() => undefined)
    let_go()
    expect(await ics.ended(ask.key)).toMatchObject({ outcome: 'executed' })
  })

  test('of one signer waits for the other; nonces have no gap', async () => {
    const asks = Array.from({ length: 4 }, () => deposit('10', 'approver'))
    const answers = await Promise.all(asks.map((ask) => ics.ask(ask)))
    expect(answers.map(({ lines }) => lines.at(-1))).toEqual(Array(4).fill('✅ Deposited 10.00 AGIALPHA for agent.'))
    expect(await staked('approver')).toBe(40n * 10n ** 18n)
  })

  test('is unknown before it is seen', async () => {
    expect(await ics.status(freshKey())).toMatchObject({ outcome: 'unknown_key', lines: 0 })
  })
})

describe('a fence', () => {
  test('before the request: not executed, and the late request is rejected', async () => {
    const ask = deposit()
    expect(await ics.fence(ask.key)).toMatchObject({ outcome: 'not_executed', error: { code: 'FENCED' } })
    const before = await staked('agent')
    const late = await ics.ask(ask)
    expect(late.lines).toEqual(['❌ FENCED: The key was fenced before the request came: nothing ran.'])
    expect(await ics.status(ask.key)).toMatchObject({ outcome: 'rejected', error: { code: 'FENCED' } })
    expect((await ics.ask(ask)).text).toBe(late.text)
    expect(await staked('agent')).toBe(before)
  })

  test('after the request gives its real state', async () => {
    const ask = deposit()
    await ics.ask(ask)
    expect(await ics.fence(ask.key)).toMatchObject({ outcome: 'executed', outputs: { amount: '10.00' } })
  })

  test('of a running key says so and stops nothing', async () => {
    const { reached, let_go } = hold()
    const ask = deposit()
    const answer = ics.ask(ask)
    await reached
    expect(await ics.fence(ask.key)).toMatchObject({ outcome: 'in_progress' })
    let_go()
    await answer
    expect(await ics.status(ask.key)).toMatchObject({ outcome: 'executed' })
  })
})

describe('Not-After', () => {
  test('in the past is a stored rejection', async () => {
    const ask = deposit()
    const late = await ics.ask({ ...ask, notAfter: Math.floor(Date.now() / 1000) - 5 })
    expect(late.lines[0]).toMatch(/^❌ NOT_AFTER_PASSED: /)
    const again = await ics.ask(ask)
    expect(again.text).toBe(late.text)
    expect(await ics.status(ask.key)).toMatchObject({ outcome: 'rejected', error: { code: 'NOT_AFTER_PASSED' } })
  })

  test('does not matter to a key that has ended', async () => {
    const ask = deposit()
    const first = await ics.ask(ask)
    expect((await ics.ask({ ...ask, notAfter: 1 })).text).toBe(first.text)
  })
})

describe('consent', () => {
  const refused = async (change: object) => {
    const { http, json } = await ics.ask({ ...deposit(), ...change })
    return [http, json['code'], json['pointer']]
  }

  test.each(['Idempotency-Key', 'Plan-Id', 'Step-Digest', 'Not-After'])('without %s is KEY_REQUIRED', async (name) => {
    expect(await refused({ headers: { [name]: '' } })).toEqual([422, 'KEY_REQUIRED', undefined])
  })

  test('of money without a verdict is VERDICT_REQUIRED; a pure intent needs none', async () => {
    expect(await refused({ verdict: null })).toEqual([422, 'VERDICT_REQUIRED', undefined])
    const pure = await ics.ask({ intent: 'screen', params: { description: 'paint a fence' }, verdict: null })
    expect(pure.lines.at(-1)).toBe('✅ Screening passed.')
  })

  test('to something else is DIGEST_MISMATCH', async () => {
    expect(await refused({ headers: { 'Step-Digest': '0'.repeat(64) } })).toEqual([409, 'DIGEST_MISMATCH', undefined])
  })

  test('to the same call with another user, trace or road is DIGEST_MISMATCH', async () => {
    const ask = { ...deposit(), meta: { txMode: 'direct' } }
    for (const meta of [{ userId: 'operator' }, { traceId: '7b1c1d3e-0000-4000-8000-000000000002' }, { txMode: 'raw' }, { txMode: undefined }]) {
      const { http, json } = await ics.altered(ask, meta)
      expect([meta, http, json['code']]).toEqual([meta, 409, 'DIGEST_MISMATCH'])
      expect((await ics.status(ask.key)).outcome).toBe('unknown_key')
    }
    expect((await ics.altered(ask, {})).http).toBe(200)
  })

  test('is never silence: an absent confirm is refused', async () => {
    const answer = await fetch(ics.url('/intents'), {
      ...{ method: 'POST', headers: { Authorization: 'Bearer test-token-0123456789' } },
      body: JSON.stringify({ intent: 'pin', params: { spec: {} }, meta: {} }),
    })
    expect([answer.status, await answer.json()]).toMatchObject([422, { code: 'CONFIRM_REQUIRED', pointer: '/confirm' }])
  })
})

describe('a dry run beside calls of the same signer', () => {
  test('sees an allowance and its use in one block, never between the two', { timeout: 60_000 }, async () => {
    const deposits = Promise.all(Array.from({ length: 6 }, () => ics.ask(deposit())))
    const shown: string[] = []
    for (let runs = 0; runs < 40; runs++) {
      const { key } = await ics.ask({ ...deposit(), confirm: false })
      const { outcome, error } = await ics.status(key)
      shown.push(error?.code ?? outcome)
    }
    await deposits
    expect(shown).toEqual(shown.map(() => 'dry_run'))
  })
})
