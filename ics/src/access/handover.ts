import { type Hex, parseTransaction } from 'viem'
import type { Bundler } from './bundler.ts'
import type { EntryPoint } from './entrypoint.ts'
import { operationIn } from './operation.ts'

/** Operations that are journalled as such: who takes them, and whether they are on the chain. */
export class Handover {
  /** @param bundler none when it was configured no more: then the sponsor must bundle what is still open */
  constructor(
    private readonly entryPoint: EntryPoint,
    readonly bundler: Bundler | undefined,
  ) {}

  /** Hands over what a journalled envelope holds. */
  async send(raw: Hex): Promise<void> {
    const { data = '0x' } = parseTransaction(raw)
    await this.bundler?.take(operationIn(data))
  }

  /** Whether the chain has it, in whosoever's transaction. Errors are viem's, when the node cannot be asked. */
  async isThere(hash: Hex): Promise<boolean> {
    return (await this.entryPoint.endOf(hash)) !== undefined
  }
}
