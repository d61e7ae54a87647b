/** Gives back what was acquired. */
export type Release = () => void

/** One holder a name at a time, in the order of asking. */
export class Locks {
  private readonly tails = new Map<string, Promise<void>>()

  acquire(name: string): Promise<Release> {
    const before = this.tails.get(name) ?? Promise.resolve()
    const { promise, resolve } = withResolvers()
    this.tails.set(name, promise)
    return before.then(() => resolve)
  }
}

function withResolvers(): { promise: Promise<void>; resolve: Release } {
  let resolve: Release = () => undefined
  const promise = new Promise<void>((done) => (resolve = done))
  return { promise, resolve }
}
