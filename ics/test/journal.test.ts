import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import Libsql from 'libsql'
import { expect, test } from 'vitest'
import { Database } from '../src/journal/database.ts'
import { Txes } from '../src/journal/txes.ts'

// As the first release made it.
const FIRST = `CREATE TABLE tx (
  key TEXT NOT NULL, ordinal INTEGER NOT NULL, signer TEXT NOT NULL, nonce INTEGER NOT NULL, hash TEXT NOT NULL,
  raw TEXT NOT NULL, state TEXT NOT NULL, block INTEGER, PRIMARY KEY (key, ordinal))`

test('a journal of an older release is widened, once, and its transactions are what they were', async () => {
  const folder = await mkdtemp(join(tmpdir(), 'onebox-journal-'))
  try {
    const path = join(folder, 'journal.db')
    const old = new Libsql(path)
    old.exec(FIRST)
    old.exec("INSERT INTO tx VALUES ('run:a:0', 0, '0x01', 7, '0xaa', '0x02', 'mined', 12)")
    old.close()
    const before = { key: 'run:a:0', ordinal: 0, signer: '0x01', nonce: 7, hash: '0xaa', raw: '0x02', state: 'mined', block: 12 }
    for (const _ of ['first', 'again']) {
      const txes = new Txes(new Database(path))
      expect(txes.find('run:a:0', 0)).toEqual({ ...before, form: 'transaction', carrier: null })
    }
  } finally {
    await rm(folder, { recursive: true, force: true })
  }
})
