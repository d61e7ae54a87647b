import { createHash, timingSafeEqual } from 'node:crypto'
import { Hono } from 'hono'
import { ChainRefused } from '../access/guard.ts'
import { isOutage } from '../access/revert.ts'
import { isJournalFault } from '../journal/database.ts'
import type { World } from '../world.ts'
import { checkKey } from './consent.ts'
import { contractFacts, health, jobFacts } from './facts.ts'
import { postFaucet } from './faucet.ts'
import { postIntent } from './intents.ts'
import { Problem, answerOf, json } from './problem.ts'

/** The HTTP face of a world. */
export function makeApp(world: World): Hono {
  const { engine, log, settings } = world
  const app = new Hono()
  app.get('/healthz', async () => {
    const state = await health(world)
    return json(state.ok ? 200 : 503, state)
  })
  app.use('*', async (c, next) => {
    if (!authorised(c.req.header('Authorization'), settings.token)) throw new Problem(401, 'AUTH_INVALID', 'the service token is missing or wrong')
    await next()
  })
  app.post('/intents', (c) => postIntent(world, c.req.raw))
  app.get('/intents/:key', (c) => json(200, engine.status(checkKey(c.req.param('key')))))
  app.post('/intents/:key/fence', (c) => json(200, engine.fence(checkKey(c.req.param('key')))))
  app.get('/contract', async () => json(200, await contractFacts(world)))
  app.get('/jobs/:id', async (c) => json(200, await jobFacts(world, c.req.param('id'))))
  app.post('/faucet', async (c) => json(200, await postFaucet(world, c.req.raw)))
  app.notFound(() => json(404, { code: 'NOT_FOUND', message: 'there is no such address' }))
  app.onError((error) => answerOf(known(error)) ?? (isJournalFault(error) ? unwritten(error) : internal(error)))

  function unwritten(error: unknown): Response {
    log.error({ err: error }, 'the journal does not answer')
    const body = { code: 'JOURNAL_UNAVAILABLE', message: 'the journal takes nothing in: is its disk full?', part: 'journal' }
    return json(503, body, { 'Retry-After': '2' })
  }
  function internal(error: unknown): Response {
    log.error({ err: error }, 'request failed')
    return json(500, { code: 'INTERNAL_ERROR', message: 'look into the log of ICS' })
  }
  return app
}

function known(error: unknown): unknown {
  return isOutage(error) ? new ChainRefused('CHAIN_UNAVAILABLE', 'the node does not answer') : error
}

// Digests have one length, so the comparison tells nothing about the token's.
function authorised(header: string | undefined, token: string): boolean {
  const hash = (text: string) => createHash('sha256').update(text).digest()
  return timingSafeEqual(hash(header ?? ''), hash(`Bearer ${token}`))
}
