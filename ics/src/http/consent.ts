import { stepDigest } from '../canonical.ts'
import { TOOLS } from '../schema.ts'
import type { Intent } from './body.ts'
import { Problem } from './problem.ts'
import { type Named, rulesNamed } from './rules.ts'

const KEY = /^[A-Za-z0-9_.~-]{1,100}:([a-z0-9_]{1,64}):(0|[1-9][0-9]{0,8})$/
const HEX = /^[0-9a-f]{64}$/
const SECONDS = /^[0-9]{1,12}$/
const VERDICT = /^(approval:[0-9a-f]{64}:[a-z0-9_]{1,64}|confirmation:[A-Za-z0-9_-]{1,64})$/

/** The key, digest, consent and rules that a confirmed call brings; `notAfter` is unix seconds. */
export type Consent = {
  key: string
  digest: string
  planId: string
  notAfter: number
  verdictRef: string | null
  rules: Named | undefined
}

/**
 * Reads the headers of a confirmed call and recomputes its digest.
 *
 * @throws Problem KEY_REQUIRED, VERDICT_REQUIRED, RULES_REQUIRED or DIGEST_MISMATCH
 */
export function consentOf(headers: Headers, intent: Intent): Consent {
  const key = required(headers, 'Idempotency-Key', KEY)
  const planId = required(headers, 'Plan-Id', HEX)
  const digest = required(headers, 'Step-Digest', HEX)
  const notAfter = Number(required(headers, 'Not-After', SECONDS))
  const verdictRef = verdictOf(headers, intent)
  const rules = rulesNamed(headers, intent)
  if (recomputed(key, planId, intent) !== digest) {
    throw new Problem(409, 'DIGEST_MISMATCH', 'Step-Digest is not the digest of this request')
  }
  return { key, digest, planId, notAfter, verdictRef, rules }
}

/** A key as it may stand in an address. Throws Problem KEY_REQUIRED. */
export function checkKey(key: string): string {
  if (KEY.test(key) || /^dry:[0-9a-f-]{36}$/.test(key)) return key
  throw new Problem(422, 'KEY_REQUIRED', 'not a key: root_run_id:step_id:gen')
}

function required(headers: Headers, name: string, form: RegExp): string {
  const value = headers.get(name)
  if (value !== null && form.test(value)) return value
  throw new Problem(422, 'KEY_REQUIRED', `${name} is ${value === null ? 'missing' : 'malformed'}: a confirmed call needs it`)
}

function verdictOf(headers: Headers, { tool }: Intent): string | null {
  const value = headers.get('Verdict-Ref')
  if (value === null && TOOLS[tool].effect !== 'money') return null
  if (value !== null && VERDICT.test(value)) return value
  throw new Problem(422, 'VERDICT_REQUIRED', 'Verdict-Ref must name the approval or confirmation of this step')
}

function recomputed(key: string, plan_id: string, { envelope }: Intent): string {
  const [, step_id = '', gen = ''] = KEY.exec(key) ?? []
  const { intent, params, meta } = envelope
  return stepDigest({ plan_id, step_id, gen: Number(gen), intent, params, meta })
}
