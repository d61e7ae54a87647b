import { randomUUID } from 'node:crypto'
import type { Rehearsal } from '../access/rehearsal.ts'
import { whoOf } from '../engine/call.ts'
import type { Transcript } from '../engine/transcript.ts'
import type { NewIntent } from '../journal/intents.ts'
import type { Seen } from '../judge.ts'
import { TOOLS } from '../schema.ts'
import { type Failure, isFinal } from '../status.ts'
import type { World } from '../world.ts'
import { type Intent, intentOf, readObject } from './body.ts'
import { type Consent, consentOf } from './consent.ts'
import { Problem } from './problem.ts'
import { type Named, rulesNamed } from './rules.ts'
import { judge, lookFor, shown } from './verdict.ts'

// A key that has said nothing for this long is left to itself; its outcome is in progress then.
const IDLE_MS = 30_000
// Most calls that move nothing are over by then; the first line of any other waits no longer than this.
const BRIEF_MS = 20
// What is longer is asked for: a head has not room for everything.
const MOST_TOLD = 8_192
// Every read of a dry run repeats the calls before it, and all of them must fit one block.
const MOST_BEFORE = 60

/** `POST /intents`: takes an intent in and answers with its lines, from the first one on. */
export async function postIntent(world: World, request: Request): Promise<Response> {
  const intent = intentOf(await readObject(request))
  const after = request.headers.get('After')
  if (!intent.envelope.confirm) return answered(world, ...(await show(world, intent, rulesNamed(request.headers, intent), after)))
  if (after !== null) throw new Problem(422, 'AFTER_INVALID', 'After goes with confirm: false only')
  const consent = consentOf(request.headers, intent)
  const transcript = await admit(world, intent, consent)
  return answered(world, consent.key, transcript)
}

/** The stream; its head tells the outcome of a call that has ended before it begins, which saves the asking. */
async function answered({ engine }: World, key: string, transcript: Transcript): Promise<Response> {
  if (!(await transcript.endsWithin(BRIEF_MS))) return streamed(key, transcript)
  const told = Buffer.from(JSON.stringify(engine.status(key))).toString('base64url')
  return streamed(key, transcript, told.length > MOST_TOLD ? {} : { 'Intent-Outcome': told })
}

async function show(world: World, intent: Intent, named: Named | undefined, after: string | null): Promise<[string, Transcript]> {
  const { tool, envelope } = intent
  const key = `dry:${randomUUID()}`
  const { params, meta } = envelope
  await world.open()
  const on = after === null ? undefined : stateAfter(world.engine, after)
  const refusal = named && shown(world, intent, named, await lookFor(world, intent, named))
  world.log.info({ ...whoOf({ key, tool, meta, planId: null }), code: refusal?.code }, 'dry run asked')
  return [key, refusal ? world.engine.showRefused(key, refusal) : world.engine.show(key, tool, params, meta, on)]
}

function stateAfter(engine: World['engine'], key: string): Rehearsal {
  const state = engine.after(key)
  if (state === undefined) throw new Problem(409, 'AFTER_UNKNOWN', 'After must be the Intent-Key of an ended dry run that is still remembered')
  if (state.before.length <= MOST_BEFORE) return state
  throw new Problem(422, 'AFTER_TOO_LONG', `a dry run may come after ${MOST_BEFORE} calls of the chain, not ${state.before.length}`)
}

async function admit(world: World, intent: Intent, consent: Consent): Promise<Transcript> {
  const known = replayed(world, consent)
  if (known !== undefined) return known
  await world.open()
  const seen = await lookFor(world, intent, consent.rules)
  // That took its time: another request may have brought the key meanwhile.
  return replayed(world, consent) ?? entered(world, intent, consent, seen)
}

/** The transcript of a key that has ended or runs now. */
function replayed({ engine, journal }: World, { key, digest }: Consent): Transcript | undefined {
  const row = journal.intents.find(key)
  if (row === undefined) return undefined
  if (row.tool === null) return row.outcome === 'not_executed' ? engine.refuseFenced(key) : engine.replay(key)
  if (row.digest !== digest) throw new Problem(409, 'KEY_REUSED', 'the key was used for another request')
  return engine.live(key) ?? (isFinal(row.outcome) ? engine.replay(key) : undefined)
}

// Nothing is awaited from here on: what was judged is what begins.
function entered(world: World, intent: Intent, consent: Consent, seen: Seen): Transcript {
  const { engine, journal } = world
  const { key } = consent
  const known = journal.intents.find(key)
  if (known !== undefined) return isLate(consent) ? lateAgain(engine, intent.tool, key) : engine.enter(known)
  const { refusal, share } = isLate(consent) ? { refusal: late(consent) } : judge(world, intent, consent, seen)
  const { params, meta } = intent.envelope
  const call = { ...consent, tool: intent.tool, params, meta }
  takenIn(world, call, refusal)
  if (refusal !== undefined) return engine.refuse(call, refusal)
  engine.begin(call, share)
  const row = journal.intents.find(key)
  if (row === undefined) throw new Error(`key ${key} is not in the journal`)
  return engine.enter(row)
}

function takenIn({ log }: World, call: NewIntent, refusal: Failure | undefined): void {
  const said = { ...whoOf(call), verdict_ref: call.verdictRef, code: refusal?.code }
  log.info(said, refusal === undefined ? 'call taken in' : 'call refused')
}

// A wait that is known keeps its state; anything else that is known was cut off and is on its way already.
function lateAgain(engine: World['engine'], tool: Intent['tool'], key: string): Transcript {
  if (TOOLS[tool].effect !== 'wait') return engine.live(key) ?? engine.replay(key)
  return engine.replay(key)
}

function isLate({ notAfter }: Consent): boolean {
  return Date.now() / 1000 > notAfter
}

function late({ notAfter }: Consent) {
  const when = new Date(notAfter * 1000).toISOString()
  return { code: 'NOT_AFTER_PASSED', message: `The request came after ${when}: nothing ran.`, fix: 'Send it with a new key.' }
}

// The body only reads: a client that goes away stops nothing.
function streamed(key: string, transcript: Transcript, told: Record<string, string> = {}): Response {
  const lines = transcript.follow(IDLE_MS)
  const encoder = new TextEncoder()
  const body = new ReadableStream<Uint8Array>({
    async pull(controller) {
      const { done, value } = await lines.next()
      if (done) controller.close()
      else controller.enqueue(encoder.encode(value))
    },
    async cancel() {
      await lines.return(undefined)
    },
  })
  const headers = { 'Content-Type': 'text/plain; charset=utf-8', 'Intent-Key': key, 'Cache-Control': 'no-store', ...told }
  return new Response(body, { headers })
}
