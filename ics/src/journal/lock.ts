import { createHash } from 'node:crypto'
import { once } from 'node:events'
import { mkdirSync, realpathSync } from 'node:fs'
import { createServer } from 'node:net'
import { dirname, join, basename } from 'node:path'
import Libsql from 'libsql'

/** Another process writes this journal. */
export class JournalBusy extends Error {
  override name = 'JournalBusy'
}

// Held until the process ends, by the kernel even then; a collected handle would free it.
const held: unknown[] = []

/**
 * Makes this process the only writer of a journal until it ends. Two locks, because reading the lock database's
 * file through fs would silently drop the first one, and abstract sockets exist on Linux alone.
 *
 * @throws JournalBusy when another process is that already
 */
export async function lockJournal(path: string): Promise<void> {
  mkdirSync(dirname(path), { recursive: true })
  const real = join(realpathSync(dirname(path)), basename(path))
  if (process.platform === 'linux') held.push(await lockSocket(real))
  held.push(lockDatabase(`${real}.lock`))
}

async function lockSocket(path: string): Promise<unknown> {
  const name = createHash('sha256').update(path).digest('hex')
  const server = createServer().listen(`\0onebox-ics-${name}`)
  try {
    await once(server, 'listening')
  } catch {
    throw busy(path)
  }
  return server.unref()
}

function lockDatabase(path: string): unknown {
  const db = new Libsql(path)
  try {
    db.exec('BEGIN EXCLUSIVE')
  } catch {
    throw busy(path)
  }
  return db
}

function busy(path: string): JournalBusy {
  return new JournalBusy(`another process writes the journal ${path}`)
}
