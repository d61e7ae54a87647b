import { createHash } from 'node:crypto'
import { readFileSync, readdirSync } from 'node:fs'
import { createRequire } from 'node:module'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import type { Abi, AbiParameter } from 'viem'
import { z } from 'zod'
import { readIfThere, writeAtomically } from './files.ts'
import { isMain } from './main.ts'

const require = createRequire(import.meta.url)
const CONTRACTS = fileURLToPath(new URL('../../contracts', import.meta.url))
const ARTIFACTS = fileURLToPath(new URL('../../artifacts', import.meta.url))

/** The most bytes of code that the chain deploys (EIP-170); solc itself only warns. */
export const MAX_CODE_SIZE = 24_576

const SETTINGS = {
  evmVersion: 'cancun',
  optimizer: { enabled: true, runs: 200 },
  outputSelection: { '*': { '*': ['abi', 'evm.bytecode.object', 'evm.deployedBytecode.object'] } },
}

const Code = z.object({ object: z.string() })
const Output = z.object({
  errors: z.array(z.object({ severity: z.string(), formattedMessage: z.string() })).default([]),
  contracts: z
    .record(
      z.string(),
      z.record(
        z.string(),
        z.object({
          abi: z.custom<Abi>((abi) => Array.isArray(abi)),
          evm: z.object({ bytecode: Code, deployedBytecode: Code }),
        }),
      ),
    )
    .default({}),
})
type Output = z.infer<typeof Output>

/** Compiled contracts by name; `size` is the deployed code in bytes. */
export type Compiled = Record<string, { abi: Abi; bytecode: `0x${string}`; size: number }>

/** The contracts do not compile without a warning, or one is too large to deploy. */
export class CompileError extends Error {
  override name = 'CompileError'
}

/**
 * Compiles `ics/contracts` into `ics/artifacts` unless the artifacts are of the same input.
 *
 * @returns one line that says what was done
 * @throws CompileError on any error or warning of solc, or a contract above MAX_CODE_SIZE
 */
export async function compile(): Promise<string> {
  const input = readInput()
  const digest = createHash('sha256').update(JSON.stringify([versions(), input])).digest('hex')
  if ((await readIfThere(join(ARTIFACTS, 'input.sha256'))) === digest) return 'contracts: artifacts are up to date'
  const compiled = check(runSolc(input))
  await writeArtifacts(compiled)
  await writeAtomically(join(ARTIFACTS, 'input.sha256'), digest)
  const sizes = Object.entries(compiled).filter(([, { size }]) => size > 0)
  return `contracts: compiled ${sizes.map(([name, { size }]) => `${name} ${size}`).join(', ')} bytes`
}

function readInput() {
  const names = readdirSync(CONTRACTS).filter((name) => name.endsWith('.sol')).sort()
  const sources = Object.fromEntries(
    names.map((name) => [name, { content: readFileSync(join(CONTRACTS, name), 'utf8') }]),
  )
  return { language: 'Solidity', sources, settings: SETTINGS }
}

function versions(): string[] {
  const Package = z.object({ version: z.string() })
  return ['solc', '@openzeppelin/contracts'].map(
    (name) => Package.parse(JSON.parse(readFileSync(require.resolve(`${name}/package.json`), 'utf8'))).version,
  )
}

// solc is loaded here, not at the top: it costs half a second that an up-to-date run need not pay.
function runSolc(input: object): Output {
  const solc = require('solc') as { compile(input: string, options: { import: typeof findImport }): string }
  return Output.parse(JSON.parse(solc.compile(JSON.stringify(input), { import: findImport })))
}

function findImport(path: string): { contents: string } | { error: string } {
  try {
    return { contents: readFileSync(require.resolve(path), 'utf8') }
  } catch (error) {
    return { error: String(error) }
  }
}

function check(output: Output): Compiled {
  if (output.errors.length > 0) throw new CompileError(output.errors.map((e) => e.formattedMessage).join('\n'))
  const compiled = ours(output)
  for (const [name, { size }] of Object.entries(compiled)) {
    if (size > MAX_CODE_SIZE) throw new CompileError(`${name} has ${size} bytes of code, the chain takes ${MAX_CODE_SIZE}`)
  }
  return compiled
}

function ours(output: Output): Compiled {
  const compiled: Compiled = {}
  for (const [file, contracts] of Object.entries(output.contracts)) {
    for (const [name, { abi, evm }] of Object.entries(contracts)) {
      const keep = !file.startsWith('@') && `${name}.sol` === file
      if (!keep) continue
      const size = evm.deployedBytecode.object.length / 2
      compiled[name] = { abi, bytecode: `0x${evm.bytecode.object}`, size }
    }
  }
  return compiled
}

async function writeArtifacts(compiled: Compiled): Promise<void> {
  for (const [name, { abi, bytecode, size }] of Object.entries(compiled)) {
    if (size > 0) await writeAtomically(join(ARTIFACTS, `${name}.json`), json({ abi, bytecode }))
  }
  await writeAtomically(join(ARTIFACTS, 'errors.json'), json(allErrors(compiled)))
}

// One entry for each signature: many contracts share an error.
function allErrors(compiled: Compiled): Abi {
  const entries = Object.values(compiled).flatMap(({ abi }) => abi.filter((entry) => entry.type === 'error'))
  return [...new Map(entries.map((entry) => [signature(entry), entry])).values()]
}

function signature({ name, inputs }: { name: string; inputs: readonly AbiParameter[] }): string {
  return `${name}(${inputs.map((input) => input.type).join(',')})`
}

function json(value: unknown): string {
  return `${JSON.stringify(value, null, 1)}\n`
}

if (isMain(import.meta.url)) console.log(await compile())
