import { accessSync, constants, existsSync } from 'node:fs'
import { createRequire } from 'node:module'
import { delimiter, dirname, join } from 'node:path'
import { keepOneGenesis } from './genesis.ts'
import { isMain } from './main.ts'

const require = createRequire(import.meta.url)
const EXE = process.platform === 'win32' ? 'anvil.exe' : 'anvil'

/** How to start anvil; `stateFile` is loaded when it exists, `genesisTimestamp` is unix seconds. */
export type AnvilOptions = { port: number; stateFile: string; cacheDir: string; genesisTimestamp?: number }

/** There is no anvil for this platform among the packages nor on PATH. */
export class AnvilMissing extends Error {
  override name = 'AnvilMissing'
}

/**
 * The anvil binary: of the npm package for this platform, else on PATH. The package's own wrapper is not used: it
 * stands between us and the process that signals must reach.
 *
 * @throws AnvilMissing
 */
export function anvilPath(): string {
  const found = [packaged(), ...(process.env['PATH'] ?? '').split(delimiter).map((folder) => join(folder, EXE))]
  const path = found.find((candidate) => candidate !== undefined && isExecutable(candidate))
  if (path === undefined) throw new AnvilMissing('no anvil: run npm ci in ics/, or put anvil on PATH')
  return path
}

/**
 * The command that starts a local node: mines at once and once a second, so that its clock moves while idle.
 *
 * @throws AnvilMissing
 */
export function anvilCommand(options: AnvilOptions): { bin: string; args: string[] } {
  const { port, stateFile, cacheDir, genesisTimestamp } = options
  const args = ['--host', '127.0.0.1', '--port', String(port), '--chain-id', '31337']
  args.push('--block-time', '1', '--mixed-mining', '--slots-in-an-epoch', '1')
  // Without pruning idle blocks fill the disk; they grow the state by 1.7 KB each.
  args.push('--prune-history', '256', '--cache-path', cacheDir)
  if (genesisTimestamp !== undefined) args.push('--timestamp', String(genesisTimestamp))
  if (existsSync(stateFile)) {
    keepOneGenesis(stateFile)
    args.push('--load-state', stateFile)
  }
  return { bin: anvilPath(), args }
}

function packaged(): string | undefined {
  const arch = process.arch === 'x64' ? 'amd64' : process.arch
  const name = `@foundry-rs/anvil-${process.platform}-${arch}`
  try {
    // Asked from the wrapper's place: a package manager may keep the platform's package beside it only.
    const beside = createRequire(require.resolve('@foundry-rs/anvil/package.json'))
    return join(dirname(beside.resolve(`${name}/package.json`)), 'bin', EXE)
  } catch {
    return undefined // not installed here: PATH is next
  }
}

function isExecutable(path: string): boolean {
  try {
    accessSync(path, constants.X_OK)
    return true
  } catch {
    return false
  }
}

if (isMain(import.meta.url)) console.log(anvilPath())
