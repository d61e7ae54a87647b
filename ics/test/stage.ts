import { afterAll, afterEach, beforeAll } from 'vitest'
import { Ics } from './ics.ts'
import { Proxy } from './proxy.ts'
import { World } from './world.ts'

/** What a test file has called up; each file has its own. */
export let world: World
export let ics: Ics
/** Between ICS and the node, after `stagedBehindProxy`; no test finds another's watch. */
export let proxy: Proxy

/** What must stand on the chain before ICS starts; may give ICS settings of its own. */
type Before = (world: World) => Promise<Record<string, string> | void>
const nothing: Before = () => Promise.resolve()

/** A chain and ICS on it, for all tests of a file. */
export function staged(before = nothing): void {
  beforeAll(async () => {
    world = await World.start()
    const settings = await before(world)
    ics = await Ics.start(world, settings ?? {})
  })
  afterAll(async () => {
    await ics.stop()
    await world.stop()
  })
}

/** The same, with every call of the node seen by `proxy.watch`. */
export function stagedBehindProxy(before = nothing): void {
  afterAll(() => proxy.stop()) // the first to be named is the last to be run
  staged(async (on) => {
    const settings = await before(on)
    proxy = await Proxy.to(on.anvil.url)
    return { ...settings, RPC_URL: proxy.url }
  })
  afterEach(() => {
    proxy.watch = {}
  })
}
