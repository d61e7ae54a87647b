import { createHash } from 'node:crypto'
import canonicalize from 'canonicalize'

// The package's types are written for another module system than its code.
const serialize = canonicalize as unknown as (value: unknown) => string | undefined

/** A value has no canonical form (NaN, undefined, infinite, half of a surrogate pair). */
export class NotCanonical extends Error {
  override name = 'NotCanonical'
}

// JSON.stringify writes this escape for a lone surrogate alone; a backslash of the text itself comes doubled.
const LONE_SURROGATE = /(?<!\\)(?:\\\\)*\\ud[89a-f]/

/**
 * The one text of a JSON value (RFC 8785).
 *
 * @throws NotCanonical for what JSON cannot hold
 */
export function canonical(value: unknown): string {
  const text = serialized(value)
  if (text === undefined) throw new NotCanonical('the value has no canonical JSON form')
  if (LONE_SURROGATE.test(text)) throw new NotCanonical('a text holds a lone surrogate')
  return text
}

/** SHA-256 as 64 lower-case hex digits; text is taken as UTF-8. */
export function sha256Hex(data: string | Uint8Array): string {
  return createHash('sha256').update(data).digest('hex')
}

/** The name of a JSON value: SHA-256 of its canonical form. Errors as {@link canonical}. */
export function digestOf(value: unknown): string {
  return sha256Hex(canonical(value))
}

/** What exactly is sent for one generation of a step; `params` are resolved, `meta` as sent. */
export type StepFacts = {
  plan_id: string
  step_id: string
  gen: number
  intent: string
  params: unknown
  meta: unknown
}

/** The step digest that OneBox froze at the claim and ICS recomputes. Errors as {@link canonical}. */
export function stepDigest({ plan_id, step_id, gen, intent, params, meta }: StepFacts): string {
  return digestOf({ plan_id, step_id, gen, intent, params, meta })
}

function serialized(value: unknown): string | undefined {
  try {
    return serialize(value)
  } catch (error) {
    throw new NotCanonical(error instanceof Error ? error.message : String(error))
  }
}
