import { mkdir, open, readFile, rename, rm } from 'node:fs/promises'
import { basename, dirname, join } from 'node:path'

/**
 * Replaces a file so that a reader, or a crash, sees the old content or the new one and never a part.
 *
 * @param path the file; its folder is made when missing
 * @param data the whole new content
 */
export async function writeAtomically(path: string, data: string | Uint8Array): Promise<void> {
  const folder = dirname(path)
  await mkdir(folder, { recursive: true })
  const temporary = join(folder, `.${basename(path)}.${process.pid}.tmp`)
  try {
    await writeAndSync(temporary, data)
    await rename(temporary, path)
  } catch (error) {
    // On a full disk a part of it would take the room that others wait for.
    await rm(temporary, { force: true })
    throw error
  }
  await syncFolder(folder)
}

/** The text of a file, or undefined when there is no such file. Other errors are thrown. */
export async function readIfThere(path: string): Promise<string | undefined> {
  try {
    return await readFile(path, 'utf8')
  } catch (error) {
    if (error instanceof Error && 'code' in error && error.code === 'ENOENT') return undefined
    throw error
  }
}

async function writeAndSync(path: string, data: string | Uint8Array): Promise<void> {
  const file = await open(path, 'w')
  try {
    await file.writeFile(data)
    await file.sync()
  } finally {
    await file.close()
  }
}

// Without this a power cut may forget the rename although the file's bytes are on disk.
async function syncFolder(folder: string): Promise<void> {
  const handle = await open(folder, 'r')
  try {
    await handle.sync()
  } finally {
    await handle.close()
  }
}
