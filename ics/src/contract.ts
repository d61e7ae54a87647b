import { readFile } from 'node:fs/promises'
import { fileURLToPath } from 'node:url'
import { z } from 'zod'
import { digestOf } from './canonical.ts'
import { writeAtomically } from './chain/files.ts'
import { isMain } from './chain/main.ts'
import { drift, inWords } from './drift.ts'
import { Meta, TOOLS } from './schema.ts'

const FILE = fileURLToPath(new URL('../../config/ics.contract.json', import.meta.url))

/** What `GET /contract` says of it: the digest of all, and of each tool. */
export type ContractDigests = { digest: string; tools: Record<string, string> }

/** The contract as Python reads it: JSON Schemas, the tool table, a digest per row and one over all. */
export function contractFile() {
  const tools = Object.fromEntries(Object.keys(TOOLS).sort().map((tool) => [tool, exported(tool as keyof typeof TOOLS)]))
  const body = { version: 1, meta: jsonSchema(Meta), tools }
  return { ...body, digest: digestOf(body) }
}

/** The digests alone, of the schema that this process runs. */
export function contractDigests(): ContractDigests {
  const { digest, tools } = contractFile()
  return { digest, tools: Object.fromEntries(Object.entries(tools).map(([tool, row]) => [tool, row.digest])) }
}

/** The file's whole text, the same for the same schema. */
export function contractText(): string {
  return `${JSON.stringify(contractFile(), null, 2)}\n`
}

/** What in the text of a contract file is not as today's schema has it, a line each; empty when it is the very text. */
export function stale(text: string): string[] {
  if (text === contractText()) return []
  const words = drift(parsed(text), JSON.parse(contractText())).map(inWords)
  return words.length > 0 ? words : ['a digest or the form of the file differs, every word is the same']
}

function parsed(text: string): unknown {
  try {
    return JSON.parse(text)
  } catch {
    return undefined
  }
}

function exported(tool: keyof typeof TOOLS) {
  const { intent, variant, kind, effect, role, supported, holds, params, outputs } = TOOLS[tool]
  const row = { intent, variant, kind, effect, role, supported, holds, params: jsonSchema(params), outputs: jsonSchema(outputs) }
  return { ...row, digest: digestOf(row) }
}

function jsonSchema(schema: z.ZodType): Record<string, unknown> {
  return JSON.parse(JSON.stringify(z.toJSONSchema(schema, { target: 'draft-2020-12', io: 'input' }))) as Record<string, unknown>
}

async function main(): Promise<void> {
  if (!process.argv.includes('--check')) return writeAtomically(FILE, contractText())
  const words = stale(await readFile(FILE, 'utf8').catch(() => ''))
  if (words.length === 0) return
  console.error(['config/ics.contract.json is stale: run npm run contract in ics/', ...words].join('\n  '))
  process.exitCode = 1
}

if (isMain(import.meta.url)) await main()
