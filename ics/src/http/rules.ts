import { AmountInvalid, parseAmount } from '../money.ts'
import { TOOLS } from '../schema.ts'
import type { Intent } from './body.ts'
import { Problem } from './problem.ts'

const TENANT = /^([A-Za-z0-9_.~-]|%[0-9A-Fa-f]{2}){1,800}$/
const HEX = /^[0-9a-f]{64}$/
const ALL = ['Tenant', 'Policy-Digest', 'Fees-Digest', 'Plan-Max'] as const

/** The rules under which a run was admitted, as its call names them; `planMax` is base units. */
export type Named = { tenant: string; policyDigest: string; feesDigest: string; planMax: bigint | null }

/**
 * Reads the headers that name the rules of a call; undefined where it names none and need not.
 *
 * @throws Problem RULES_REQUIRED naming the header that is missing or malformed
 */
export function rulesNamed(headers: Headers, { tool, envelope }: Intent): Named | undefined {
  const wanted = envelope.confirm && TOOLS[tool].effect === 'money'
  if (!wanted && !ALL.some((name) => headers.has(name))) return undefined
  return {
    tenant: read(headers, 'Tenant', tenantOf),
    policyDigest: read(headers, 'Policy-Digest', hexOf),
    feesDigest: read(headers, 'Fees-Digest', hexOf),
    planMax: wanted || headers.has('Plan-Max') ? read(headers, 'Plan-Max', unitsOf) : null,
  }
}

function read<T>(headers: Headers, name: (typeof ALL)[number], parse: (text: string) => T | undefined): T {
  const text = headers.get(name)
  const value = text === null ? undefined : parse(text)
  if (value !== undefined) return value
  throw new Problem(422, 'RULES_REQUIRED', `${name} is ${text === null ? 'missing' : 'malformed'}: it names the rules of the call`)
}

// Header values are ASCII, names of tenants need not be.
function tenantOf(text: string): string | undefined {
  if (!TENANT.test(text)) return undefined
  try {
    return decodeURIComponent(text)
  } catch {
    return undefined
  }
}

function hexOf(text: string): string | undefined {
  return HEX.test(text) ? text : undefined
}

function unitsOf(text: string): bigint | undefined {
  try {
    return parseAmount(text)
  } catch (error) {
    if (error instanceof AmountInvalid) return undefined
    throw error
  }
}
