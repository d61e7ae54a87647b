import { join } from 'node:path'
import { readIfThere, writeAtomically } from './chain/files.ts'
import type { Json } from './status.ts'

/** What is recorded of a change of a setting; `after` and `tx` are null until it is mined. */
export type Change = {
  key: string
  user: string
  traceId: string
  action: string
  arguments: readonly string[]
  before: string
  after: string | null
  tx: string | null
  at: string
}

/** Changes of settings, a file each beside the journal: written before anything is sent, completed when it is mined. */
export class AuditTrail {
  constructor(private readonly folder: string) {}

  /** The name of the file of a call, relative to the folder of the journal. */
  nameOf(key: string): string {
    return `governance/${fileOf(key)}`
  }

  /** Durable when it returns. Errors: the file system's. */
  async write(change: Change): Promise<void> {
    await writeAtomically(join(this.folder, fileOf(change.key)), `${JSON.stringify({ version: 1, ...change }, null, 2)}\n`)
  }

  /** How the setting stood before the call; undefined when nothing was recorded. */
  async before(key: string): Promise<string | undefined> {
    const text = await readIfThere(join(this.folder, fileOf(key)))
    const before = text === undefined ? undefined : (JSON.parse(text) as Json)['before']
    return typeof before === 'string' ? before : undefined
  }
}

// A key has letters, digits, `_.~-` and colons only, none of which leads out of a folder but the dot alone.
function fileOf(key: string): string {
  return `${key.replaceAll(':', '+')}.json`
}
