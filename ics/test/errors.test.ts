import { readFile, readdir } from 'node:fs/promises'
import { fileURLToPath } from 'node:url'
import { beforeAll, describe, expect, test } from 'vitest'
import { allErrors } from '../src/chain/abi.ts'
import { compile } from '../src/chain/compile.ts'
import { failureLine, failureOf, upperSnake } from '../src/errors.ts'
import { EXPLAINED, TEXTS } from '../src/explained.ts'

const root = (path: string) => fileURLToPath(new URL(`../../${path}`, import.meta.url))
const read = (path: string) => readFile(root(path), 'utf8')

// Codes that a custom error does not share its name with (domain.md 3.3).
const RENAMED = {
  ERC20InsufficientAllowance: 'INSUFFICIENT_ALLOWANCE',
  ERC20InsufficientBalance: 'INSUFFICIENT_BALANCE',
  InvalidDeadline: 'DEADLINE_INVALID',
  DurationTooLong: 'DEADLINE_INVALID',
  NotAuthorizedAgent: 'ENS_MISMATCH',
  UnauthorizedValidator: 'ENS_MISMATCH',
  EmptySubdomain: 'ENS_MISMATCH',
  IdentityRegistryNotSet: 'ENS_MISMATCH',
}
let catalogue: string

beforeAll(async () => {
  await compile()
  const folder = 'onebox/errors'
  const files = (await readdir(root(folder))).filter((name) => name.endsWith('.py'))
  catalogue = (await Promise.all(files.map((name) => read(`${folder}/${name}`)))).join('\n')
})

describe('every refusal of the contracts is explained', () => {
  test('each error of Errors.sol, and of the libraries', async () => {
    const declared = [...(await read('ics/contracts/Errors.sol')).matchAll(/^ *error (\w+)\(/gm)].map(([, name]) => name ?? '')
    const compiled = allErrors().flatMap((entry) => (entry.type === 'error' ? [entry.name] : []))
    expect(declared.length).toBeGreaterThan(50)
    expect([...declared, ...compiled].filter((name) => !(name in EXPLAINED))).toEqual([])
  })

  test('each text with which a contract reverts', async () => {
    const sources = await readdir(root('ics/contracts'))
    const text = (await Promise.all(sources.map((name) => read(`ics/contracts/${name}`)))).join('\n')
    const said = new Set([...text.matchAll(/require\([^;]*"([a-z ]+)"\);/g)].map(([, words]) => words ?? ''))
    expect([...said].sort()).toEqual(Object.keys(TEXTS).sort())
  })

  test.each(Object.keys(EXPLAINED))('%s: a sentence, a way out, a code of the catalogue', (name) => {
    const failure = failureOf(name, ['0xabc', 5n * 10n ** 17n, 10n ** 18n])
    expect(failureLine(failure)).toMatch(/^❌ [A-Z0-9_]+: .{5,120}\.$/)
    expect(failure.fix).toMatch(/^[A-Z].*\.+$/)
    expect(failure.code).toBe(name in RENAMED ? RENAMED[name as keyof typeof RENAMED] : upperSnake(name))
    expect(catalogue).toContain(`"${failure.code}"`)
  })

  test.each(Object.keys(TEXTS))('the text "%s" too', (text) => {
    const { code, message, fix } = failureOf('Error', [text])
    expect([code, message, fix]).not.toContain('UNKNOWN_REVERT')
    expect(catalogue).toContain(`"${code}"`)
  })
})

test('every code that ICS gives is in the catalogue of OneBox', async () => {
  const files = (await readdir(root('ics/src'), { recursive: true })).filter((name) => name.endsWith('.ts'))
  const text = (await Promise.all(files.map((name) => read(`ics/src/${name}`)))).join('\n')
  const given = [...text.matchAll(/(?:code: |\([0-9]{3}, |code = )'([A-Z][A-Z0-9_]{3,})'/g)].map(([, code]) => code ?? '')
  expect(given.length).toBeGreaterThan(20)
  expect([...new Set(given)].filter((code) => !catalogue.includes(`"${code}"`))).toEqual([])
})
