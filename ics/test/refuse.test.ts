import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { Engine } from '../src/engine/engine.ts'
import type { Context } from '../src/handlers/context.ts'
import { type Journal, openJournal } from '../src/journal/journal.ts'
import { makeLog } from '../src/log.ts'
import { freshKey } from './ics.ts'

let folder: string
let journal: Journal

beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'onebox-refuse-'))
  journal = await openJournal(join(folder, 'journal.db'))
})
afterAll(() => rm(folder, { recursive: true, force: true }))

const no = { code: 'OVER_BUDGET', message: 'Too much.' }
const intent = (key: string) => ({
  ...{ key, digest: 'd'.repeat(64), tool: 'stake.deposit' as const, params: {}, planId: 'a'.repeat(64), verdictRef: null },
  meta: { userId: 'operator', traceId: '7b1c1d3e-0000-4000-8000-000000000001' },
})
// A refusal reaches no handler, so it needs none of what handlers work with.
const engineOn = (on: Journal) => new Engine(on, {} as Context, makeLog('silent'))

test('a refused key is begun and ended in one transaction: what cut it off leaves no key to be resumed', () => {
  const key = freshKey()
  const broken = Object.assign(Object.create(journal.intents) as Journal['intents'], {
    settle: () => {
      throw new Error('cut off')
    },
  })
  expect(() => engineOn({ ...journal, intents: broken }).refuse(intent(key), no)).toThrow('cut off')
  expect([journal.intents.find(key), journal.lines.of(key), journal.intents.unfinished()]).toEqual([undefined, [], []])
  engineOn(journal).refuse(intent(key), no)
  expect([journal.intents.find(key)?.outcome, journal.lines.of(key), journal.intents.unfinished()]).toEqual(['rejected', ['❌ OVER_BUDGET: Too much.'], []])
})

test('a key and its share of the plan are written down together', () => {
  const [key, planId] = [freshKey(), 'b'.repeat(64)]
  const share = { planId, tenant: 'acme', max: 10n ** 48n, key, amount: 10n ** 30n + 1n }
  const broken = Object.assign(Object.create(journal.plans) as Journal['plans'], {
    take: () => {
      throw new Error('cut off')
    },
  })
  expect(() => engineOn({ ...journal, plans: broken }).begin({ ...intent(key), planId }, share)).toThrow('cut off')
  expect([journal.intents.find(key), journal.plans.find(planId)]).toEqual([undefined, undefined])
  engineOn(journal).begin({ ...intent(key), planId }, share)
  expect(journal.plans.find(planId)).toEqual({ tenant: 'acme', max: 10n ** 48n })
  expect(journal.plans.moved(planId)).toBe(10n ** 30n + 1n)
})
