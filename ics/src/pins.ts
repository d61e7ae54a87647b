import { FsBlockstore } from 'blockstore-fs'
import { importBytes } from 'ipfs-unixfs-importer'
import { canonical } from './canonical.ts'

/** What a JSON value is stored as: its canonical bytes, their CIDv1 and the address that goes on the chain. */
export type Package = { bytes: Uint8Array; cid: string; uri: string }

const OPTIONS = { cidVersion: 1, rawLeaves: true } as const
const NOWHERE = { put: (cid: unknown) => cid } as never

/** Stores JSON under its content's name, in a folder of blocks; the same value has the same CID everywhere. */
export class Pins {
  private readonly store: FsBlockstore
  private opened: Promise<void> | undefined

  /** @param folder made when missing */
  constructor(folder: string) {
    this.store = new FsBlockstore(folder)
  }

  /** What storing would give; nothing is stored. */
  async pack(value: unknown): Promise<Package> {
    const bytes = new TextEncoder().encode(canonical(value))
    const { cid } = await importBytes(bytes, NOWHERE, OPTIONS)
    return { bytes, cid: cid.toString(), uri: `ipfs://${cid.toString()}` }
  }

  /** Stores it; again is the same. Errors: the file system's. */
  async keep(value: unknown): Promise<Package> {
    await this.open()
    const packed = await this.pack(value)
    await importBytes(packed.bytes, this.store, OPTIONS)
    return packed
  }

  // A folder that could not be made is tried again by the next call: somebody may have made room meanwhile.
  private async open(): Promise<void> {
    this.opened ??= this.store.open()
    try {
      await this.opened
    } catch (error) {
      this.opened = undefined
      throw error
    }
  }
}
