import type { z } from 'zod'
import { NotCanonical, canonical } from '../canonical.ts'
import { Envelope, TOOLS, VARIANT_FIELDS, type Tool } from '../schema.ts'
import type { Json } from '../status.ts'
import { Problem } from './problem.ts'

const MAX_BYTES = 1_000_000
const MAX_DEPTH = 64
const TEXTS = /"(?:[^"\\]|\\.)*"/g
// Digits that are neither of a fraction nor of an exponent, nor followed by one.
const LONG_INTEGERS = /(?<![\d.eE+-])-?\d{16,}(?![\d.eE])/g

/** An ICS object that is known to fit; `params` are as sent, because they are what the digest is over. */
export type Intent = { tool: Tool; envelope: Envelope }

/** Reads the JSON object of a request. Throws Problem BODY_INVALID. */
export async function readObject(request: Request): Promise<Json> {
  return objectOf(await request.text())
}

/**
 * The JSON object of a body: of one canonical form, with no integer that a float would round.
 *
 * @throws Problem BODY_INVALID
 */
export function objectOf(text: string): Json {
  if (text.length > MAX_BYTES) throw new Problem(400, 'BODY_INVALID', `the body is larger than ${MAX_BYTES} bytes`)
  const value = parse(text)
  if (typeof value !== 'object' || value === null || Array.isArray(value)) {
    throw new Problem(400, 'BODY_INVALID', 'the body must be a JSON object')
  }
  if (deeperThan(MAX_DEPTH, value)) throw new Problem(400, 'BODY_INVALID', `the body is nested deeper than ${MAX_DEPTH} levels`)
  refuseUnsafe(text, value)
  return value as Json
}

/** The intent of a body. Throws Problem CONFIRM_REQUIRED or INTENT_INVALID with a pointer. */
export function intentOf(body: Json): Intent {
  if (body['confirm'] === undefined) throw new Problem(422, 'CONFIRM_REQUIRED', 'confirm must be said: true or false', '/confirm')
  const envelope = Envelope.safeParse(body)
  if (!envelope.success) throw invalid(envelope.error, '')
  const tool = toolOf(envelope.data)
  const params = TOOLS[tool].params.safeParse(envelope.data.params)
  if (!params.success) throw invalid(params.error, '/params')
  return { tool, envelope: envelope.data }
}

// Level by level: recursion is what a deep body would break.
function deeperThan(levels: number, value: unknown): boolean {
  let level: unknown[] = [value]
  for (let depth = 0; depth < levels; depth++) {
    level = level.flatMap((item) => (typeof item === 'object' && item !== null ? Object.values(item) : []))
    if (level.length === 0) return false
  }
  return true
}

// What JSON.parse rounds must not get a digest; nor what canonical form writes as an integer that nobody reads exactly.
function refuseUnsafe(text: string, value: unknown): void {
  for (const digits of [...longIntegers(text), ...longIntegers(canonicalOf(value))]) {
    if (digits.length <= 17 && Number.isSafeInteger(Number(digits))) continue
    throw new Problem(400, 'BODY_INVALID', `the integer ${digits.slice(0, 30)} is beyond 2^53 - 1: send it as text`)
  }
}

function longIntegers(text: string): string[] {
  return text.replace(TEXTS, '""').match(LONG_INTEGERS) ?? []
}

function canonicalOf(value: unknown): string {
  try {
    return canonical(value)
  } catch (error) {
    if (error instanceof NotCanonical) throw new Problem(400, 'BODY_INVALID', error.message)
    throw error
  }
}

function parse(text: string): unknown {
  try {
    return JSON.parse(text)
  } catch {
    throw new Problem(400, 'BODY_INVALID', 'the body is not JSON')
  }
}

// An intent with several tools says in one field of its params which one is meant.
function toolOf({ intent, params }: Envelope): Tool {
  const tools = (Object.keys(TOOLS) as Tool[]).filter((tool) => TOOLS[tool].intent === intent)
  if (tools.length === 0) throw new Problem(422, 'INTENT_INVALID', 'no such intent', '/intent')
  const field = VARIANT_FIELDS[intent]
  const tool = tools.find((name) => field === undefined || TOOLS[name].variant === params[field])
  if (tool !== undefined) return tool
  throw new Problem(422, 'INTENT_INVALID', `${field} must be one of ${tools.map((name) => TOOLS[name].variant).join(', ')}`, `/params/${field}`)
}

function invalid(error: z.ZodError, base: string): Problem {
  const [issue] = error.issues
  const extra = issue?.code === 'unrecognized_keys' ? issue.keys.slice(0, 1) : []
  const path = [...(issue?.path ?? []), ...extra].map((part) => String(part).replaceAll('~', '~0').replaceAll('/', '~1'))
  return new Problem(422, 'INTENT_INVALID', issue?.message ?? 'does not fit', [base, ...path].join('/'))
}
