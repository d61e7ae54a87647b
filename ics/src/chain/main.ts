import { existsSync, realpathSync } from 'node:fs'
import { fileURLToPath } from 'node:url'

/** Whether the module of this `import.meta.url` was started as the program, rather than imported. */
export function isMain(url: string): boolean {
  const started = process.argv[1]
  // With `node -e` the first argument is no file.
  return started !== undefined && existsSync(started) && realpathSync(started) === fileURLToPath(url)
}
