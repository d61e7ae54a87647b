import { readFile } from 'node:fs/promises'
import { join } from 'node:path'
import { parseEther } from 'viem'
import { z } from 'zod'
import { formatAmount, parseAmount } from '../money.ts'

// 1 to 18 decimals: what the token has. Strings, because a JSON number is a float elsewhere.
const Amount = z.string().regex(/^\d+(\.\d{1,18})?$/).transform((text) => parseEther(text))
const Percent = z.int().min(0).max(100)
const Seconds = z.int().min(0)
// Printed in one way, so that both languages hash the same text.
const Price = z.string().regex(/^(0|[1-9][0-9]{0,29})(\.[0-9]{1,18})?$/).transform((text) => formatAmount(parseAmount(text)))

/** `config/fees.json`: whole percents, and what raising a dispute costs in decimal AGIALPHA. */
export const Fees = z.strictObject({
  feePct: Percent,
  validatorPct: Percent,
  feePoolBurnPct: Percent,
  burnPct: Percent,
  disputeFee: Price,
})
export type Fees = z.infer<typeof Fees>

/** One user of the local chain: his role, and the ENS label under which he works or judges. */
export const LocalUser = z.strictObject({ role: z.string().min(1), ens: z.string().min(1).optional() })

/** `config/chain.local.json`: amounts are decimal AGIALPHA in the file and base units here; windows are seconds. */
export const LocalChain = z.strictObject({
  chainId: z.int().positive(),
  faucet: z.boolean(),
  mnemonic: z.string().min(1),
  minAgentStake: Amount,
  validatorMin: Amount,
  jobStake: Amount,
  maxJobReward: Amount,
  maxJobDuration: Seconds,
  expirationGracePeriod: Seconds,
  committee: z.int().positive(),
  commitWindow: z.int().positive(),
  revealWindow: z.int().positive(),
  forceFinalizeGrace: Seconds,
  disputeWindow: Seconds,
  users: z.record(z.string().min(1), LocalUser),
})
export type LocalChain = z.infer<typeof LocalChain>

/**
 * Reads `chain.local.json` of a config folder.
 *
 * @throws ZodError when a value is missing, wrong or unknown; the file system's error when there is no file
 */
export async function readLocalChain(folder: string): Promise<LocalChain> {
  return LocalChain.parse(JSON.parse(await readFile(join(folder, 'chain.local.json'), 'utf8')))
}

/** Reads `fees.json` of a config folder as the file says, with no override. Errors as readLocalChain. */
export async function readFees(folder: string): Promise<Fees> {
  return Fees.parse(JSON.parse(await readFile(join(folder, 'fees.json'), 'utf8')))
}
