import { readFile } from 'node:fs/promises'
import { join } from 'node:path'
import { z } from 'zod'
import { digestOf } from './canonical.ts'
import { Fees } from './chain/config.ts'

/** What the config folder says of policy and fees, overrides applied, with the digests both languages compute. */
export type Rules = {
  policy: { digest: string }
  fees: Fees & { digest: string }
}

/** A config file is missing or broken; the message names it. */
export class ConfigInvalid extends Error {
  override name = 'ConfigInvalid'
}

/**
 * Reads policies and fees of a config folder.
 *
 * @throws ConfigInvalid naming the file
 */
export async function readRules(folder: string, override: { feePct?: number; burnPct?: number }): Promise<Rules> {
  const [base, orgs] = await Promise.all([readJson(folder, 'policies.default.json'), readJson(folder, 'org-policies.json')])
  const found = Fees.safeParse(await readJson(folder, 'fees.json'))
  if (!found.success) throw new ConfigInvalid(`fees.json: ${z.prettifyError(found.error)}`)
  const fees: Fees = {
    ...found.data,
    feePct: override.feePct ?? found.data.feePct,
    burnPct: override.burnPct ?? found.data.burnPct,
  }
  return { policy: { digest: digestOf({ default: base, orgs }) }, fees: { ...fees, digest: digestOf(fees) } }
}

/** A JSON file of the config folder. Errors as {@link readRules}. */
export async function readJson(folder: string, name: string): Promise<unknown> {
  try {
    return JSON.parse(await readFile(join(folder, name), 'utf8'))
  } catch (error) {
    throw new ConfigInvalid(`${name}: ${error instanceof Error ? error.message : String(error)}`)
  }
}
