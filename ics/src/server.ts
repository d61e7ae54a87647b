import type { AddressInfo } from 'node:net'
import { setTimeout as sleep } from 'node:timers/promises'
import { type ServerType, serve } from '@hono/node-server'
import { isMain } from './chain/main.ts'
import { makeApp } from './http/app.ts'
import { type Log, makeLog } from './log.ts'
import { type Settings, readSettings } from './settings.ts'
import { type World, makeWorld } from './world.ts'

/** Serves until SIGTERM or SIGINT; says where in one JSON line on stdout. */
export async function start(settings: Settings, log: Log): Promise<void> {
  const world = await makeWorld(settings, log)
  const { host: hostname, port } = settings
  const server = serve({ fetch: makeApp(world).fetch, hostname, port }, (at: AddressInfo) => {
    process.stdout.write(`${JSON.stringify({ event: 'listening', port: at.port })}\n`)
  })
  for (const name of ['SIGTERM', 'SIGINT'] as const) process.once(name, () => stop(server))
  await awaken(world)
}

// What still runs is in the journal: the next start goes on with it.
function stop(server: ServerType): void {
  server.close(() => process.exit(0))
  setTimeout(() => process.exit(0), 2_000)
}

// What a crash cut off must not wait for the next request.
async function awaken({ open, log }: World): Promise<void> {
  for (let told = ''; ; await sleep(500)) {
    const reason = await open().then(() => undefined, (error: unknown) => String(error))
    if (reason === undefined) return log.info('the chain is ours')
    if (reason !== told) log.warn({ reason }, 'the chain cannot be used yet')
    told = reason
  }
}

async function main(): Promise<void> {
  try {
    const settings = readSettings()
    await start(settings, makeLog(settings.logLevel))
  } catch (error) {
    process.stderr.write(`${JSON.stringify({ level: 60, name: 'ics', msg: String(error) })}\n`)
    process.exit(1)
  }
}

if (isMain(import.meta.url)) await main()
