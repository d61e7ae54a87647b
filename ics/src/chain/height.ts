import { setTimeout as sleep } from 'node:timers/promises'
import { readIfThere } from './files.ts'

/** The keeper did not save a block in time. */
export class NotPersisted extends Error {
  override name = 'NotPersisted'
}

/** The height up to which the chain's state is on disk, out of the keeper's file; -1 before the first save. */
export async function persistedHeight(file: string): Promise<number> {
  const text = await readIfThere(file)
  return text === undefined ? -1 : Number.parseInt(text, 10)
}

/**
 * Waits until the keeper has saved a block.
 *
 * @param patience milliseconds
 * @throws NotPersisted after that time
 */
export async function waitForHeight(file: string, height: number, patience = 15_000): Promise<void> {
  const end = performance.now() + patience
  while ((await persistedHeight(file)) < height) {
    if (performance.now() > end) throw new NotPersisted(`block ${height} is not in ${file}: does the keeper run?`)
    await sleep(10)
  }
}
