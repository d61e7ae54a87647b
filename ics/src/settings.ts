import { fileURLToPath } from 'node:url'
import type { Hex } from 'viem'
import { z } from 'zod'

/** The config folder that ships with the code. */
export const BUILT_IN_CONFIG = fileURLToPath(new URL('../../config', import.meta.url))

const Text = z.string().min(1)
const Percent = z
  .string()
  .regex(/^(100|[1-9]?[0-9])$/, 'a whole number from 0 to 100')
  .transform(Number)
const Port = z
  .string()
  .regex(/^[0-9]{1,5}$/, 'a port number')
  .transform(Number)
  .refine((port) => port < 65_536, 'a port number')

const Depth = z
  .string()
  .regex(/^[1-9][0-9]{0,2}$/, 'a number of blocks from 1 to 999')
  .transform(Number)

const Key = z
  .string()
  .regex(/^0x[0-9a-fA-F]{64}$/, 'a private key: 0x and 64 hex digits')
  .transform((text) => text as Hex)

const Environment = z.object({
  RPC_URL: z.url().default('http://127.0.0.1:8545'),
  ICS_HOST: Text.default('127.0.0.1'),
  ICS_PORT: Port.default(0),
  ICS_TOKEN: z.string().min(16),
  ICS_JOURNAL: Text,
  ICS_DEPLOYMENT: Text,
  ICS_PIN_DIR: Text,
  ICS_HEIGHT_FILE: Text.optional(),
  ICS_MNEMONIC: Text.optional(),
  ICS_SPONSOR_KEY: Key.optional(),
  AA_BUNDLER_RPC_URL: z.url({ protocol: /^https?$/ }).optional(),
  ICS_DEPTH: Depth.default(1),
  ICS_LOG_LEVEL: z.enum(['trace', 'debug', 'info', 'warn', 'error', 'fatal', 'silent']).default('info'),
  ONEBOX_CONFIG_DIR: Text.default(BUILT_IN_CONFIG),
  ONEBOX_FEE_PCT: Percent.optional(),
  ONEBOX_BURN_PCT: Percent.optional(),
})

/** How this process was told to run. `heightFile` is the keeper's, where one saves the chain. */
export type Settings = {
  rpcUrl: string
  host: string
  /** 0 takes a free port. */
  port: number
  token: string
  journal: string
  deployment: string
  pinDir: string
  heightFile: string | undefined
  /** Of the signers; the local chain's own when absent. */
  mnemonic: string | undefined
  /** Pays for the transactions of relayer and aa; a path of the mnemonic when absent. */
  sponsorKey: Hex | undefined
  /** Takes the operations of aa (ERC-4337); the sponsor bundles them when absent. */
  bundlerUrl: string | undefined
  /** How many blocks must hold a transaction, itself included, before it counts as executed. */
  depth: number
  configDir: string
  feePct: number | undefined
  burnPct: number | undefined
  logLevel: string
}

/** An environment variable is missing or malformed; the message names it. */
export class SettingsInvalid extends Error {
  override name = 'SettingsInvalid'
}

/**
 * The settings out of the environment; nothing else reads it.
 *
 * @throws SettingsInvalid naming each wrong variable
 */
export function readSettings(environment: NodeJS.ProcessEnv = process.env): Settings {
  refuseUnknown(environment)
  const parsed = Environment.safeParse(withoutEmpty(environment))
  if (!parsed.success) throw new SettingsInvalid(parsed.error.issues.map(explain).join('; '))
  return named(parsed.data)
}

// An empty value in an .env file means that nothing was said.
function withoutEmpty(environment: NodeJS.ProcessEnv): NodeJS.ProcessEnv {
  return Object.fromEntries(Object.entries(environment).filter(([, value]) => value !== ''))
}

// A misspelt name would silently leave a default in force. ONEBOX_ names belong to Python as well.
function refuseUnknown(environment: NodeJS.ProcessEnv): void {
  const unknown = Object.keys(environment).filter((name) => name.startsWith('ICS_') && !(name in Environment.shape))
  const others = unknown.filter((name) => name !== 'ICS_URL')
  if (others.length > 0) throw new SettingsInvalid(`unknown: ${others.join(', ')}`)
}

function explain({ path, message }: z.core.$ZodIssue): string {
  return `${path.join('.')}: ${message}`
}

function named(env: z.infer<typeof Environment>): Settings {
  return {
    rpcUrl: env.RPC_URL,
    host: env.ICS_HOST,
    port: env.ICS_PORT,
    token: env.ICS_TOKEN,
    journal: env.ICS_JOURNAL,
    deployment: env.ICS_DEPLOYMENT,
    pinDir: env.ICS_PIN_DIR,
    heightFile: env.ICS_HEIGHT_FILE,
    mnemonic: env.ICS_MNEMONIC,
    sponsorKey: env.ICS_SPONSOR_KEY,
    bundlerUrl: env.AA_BUNDLER_RPC_URL,
    depth: env.ICS_DEPTH,
    configDir: env.ONEBOX_CONFIG_DIR,
    feePct: env.ONEBOX_FEE_PCT,
    burnPct: env.ONEBOX_BURN_PCT,
    logLevel: env.ICS_LOG_LEVEL,
  }
}
