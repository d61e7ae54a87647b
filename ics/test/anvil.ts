import { type ChildProcess, spawn } from 'node:child_process'
import { once } from 'node:events'
import { mkdtemp, rm } from 'node:fs/promises'
import { type AddressInfo, createServer } from 'node:net'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { setTimeout as sleep } from 'node:timers/promises'
import { anvilCommand } from '../src/chain/anvil.ts'
import { readChain } from '../src/chain/client.ts'

/** A running anvil; `folder` is its own and goes when it is stopped for good. */
export type Anvil = {
  url: string
  port: number
  pid: number
  folder: string
  stateFile: string
  /** Ends this very process; its folder stays, so that it can be started again. */
  kill(signal?: NodeJS.Signals): Promise<void>
  /** Starts it again on the same port and files. */
  restart(): Promise<void>
  /** Ends it and removes its folder. */
  stop(): Promise<void>
}

/**
 * Starts an anvil of its own on a free port, with the settings that every local chain has.
 *
 * @throws Error when it does not answer within ten seconds
 */
export async function startAnvil(): Promise<Anvil> {
  const folder = await mkdtemp(join(tmpdir(), 'onebox-anvil-'))
  const port = await freePort()
  const url = `http://127.0.0.1:${port}`
  const stateFile = join(folder, 'state.json')
  const start = () => run(url, { port, stateFile, cacheDir: join(folder, 'cache') })
  let child = await start()
  const kill = (signal: NodeJS.Signals = 'SIGKILL') => end(child, signal)
  const anvil: Anvil = {
    ...{ url, port, pid: child.pid ?? 0, folder, stateFile, kill },
    restart: async () => {
      child = await start()
      anvil.pid = child.pid ?? 0
    },
    stop: async () => {
      await kill()
      await rm(folder, { recursive: true, force: true })
    },
  }
  return anvil
}

async function run(url: string, options: Parameters<typeof anvilCommand>[0]): Promise<ChildProcess> {
  const { bin, args } = anvilCommand(options)
  const child = spawn(bin, args, { stdio: 'ignore' })
  await answering(url, child)
  return child
}

async function answering(url: string, child: ChildProcess): Promise<void> {
  const end = Date.now() + 10_000
  while (child.exitCode === null && Date.now() < end) {
    const chain = readChain(url)
    if (await chain.request({ method: 'eth_chainId' }, { retryCount: 0 }).catch(() => undefined)) return
    await sleep(10)
  }
  child.kill('SIGKILL')
  throw new Error(`anvil did not answer on ${url} (exit code ${child.exitCode})`)
}

async function end(child: ChildProcess, signal: NodeJS.Signals): Promise<void> {
  if (child.exitCode !== null || child.signalCode !== null) return
  const gone = once(child, 'exit')
  child.kill(signal)
  await gone
}

/** A port of the loopback that is free now. */
export async function freePort(): Promise<number> {
  const server = createServer().listen(0, '127.0.0.1')
  await once(server, 'listening')
  const { port } = server.address() as AddressInfo
  server.close()
  await once(server, 'close')
  return port
}
