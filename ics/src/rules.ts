import { readFile } from 'node:fs/promises'
import { join } from 'node:path'
import { z } from 'zod'
import { digestOf } from './canonical.ts'
import { Fees } from './chain/config.ts'
import { PolicyFiles } from './policy.ts'

/** What the config folder says of policy and fees, overrides applied, with the digests both languages compute. */
export type Rules = {
  /** `content` is what the digest is over: the two files as they were read. */
  policy: { digest: string; content: unknown; files: PolicyFiles }
  fees: Fees & { digest: string }
}

/** A config file is missing or broken; the message names it. */
export class ConfigInvalid extends Error {
  override name = 'ConfigInvalid'
}

/**
 * Reads policies and fees of a config folder.
 *
 * @throws ConfigInvalid naming the file, and the member that is wrong
 */
export async function readRules(folder: string, override: { feePct?: number; burnPct?: number }): Promise<Rules> {
  const [base, orgs] = await Promise.all([readJson(folder, 'policies.default.json'), readJson(folder, 'org-policies.json')])
  const content = { default: base, orgs }
  const files = checked(PolicyFiles, content, 'policies.default.json and org-policies.json')
  const found = checked(Fees, await readJson(folder, 'fees.json'), 'fees.json')
  const fees = { ...found, feePct: override.feePct ?? found.feePct, burnPct: override.burnPct ?? found.burnPct }
  return { policy: { digest: digestOf(content), content, files }, fees: { ...fees, digest: digestOf(fees) } }
}

/** A JSON file of the config folder. Errors as {@link readRules}. */
export async function readJson(folder: string, name: string): Promise<unknown> {
  try {
    return JSON.parse(await readFile(join(folder, name), 'utf8'))
  } catch (error) {
    throw new ConfigInvalid(`${name}: ${error instanceof Error ? error.message : String(error)}`)
  }
}

function checked<T>(schema: z.ZodType<T>, value: unknown, name: string): T {
  const found = schema.safeParse(value)
  if (found.success) return found.data
  throw new ConfigInvalid(`${name}: ${z.prettifyError(found.error)}`)
}
