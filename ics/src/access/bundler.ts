import { BaseError, type Hex, createClient, hexToNumber, http, isAddressEqual } from 'viem'
import { formatUserOperationRequest } from 'viem/account-abstraction'
import { z } from 'zod'
import type { Log } from '../log.ts'
import type { EntryPoint } from './entrypoint.ts'
import type { Operation } from './operation.ts'
import { isOutage } from './revert.ts'

const PATIENCE = { timeout: 5_000, retryCount: 0 }
// Of the form of a signature (r, s, v), and nobody's: what is asked beforehand must not be good for anything.
const NO_SIGNATURE: Hex = `0x${'f'.repeat(31)}${'0'.repeat(33)}7${'a'.repeat(63)}1c`
// A bundler that asks for more than this many times our own figure wants something else than its costs.
const DEAREST = 10n

const Quantity = z.custom<Hex>((text) => typeof text === 'string' && /^0x[0-9a-f]+$/i.test(text)).transform(BigInt)
const Gas = z.object({ preVerificationGas: Quantity, verificationGasLimit: Quantity })
const Addresses = z.array(z.custom<Hex>((text) => typeof text === 'string'))

/** An outside bundler (ERC-7769) that brings operations to the chain at its own expense and gets it back from the accounts. */
export class Bundler {
  private readonly client

  /** @param url may hold a key of its own: it is never logged */
  constructor(
    url: string,
    private readonly entryPoint: EntryPoint,
    private readonly log: Log,
  ) {
    this.client = createClient({ transport: http(url, PATIENCE) })
  }

  /** Whether it works for our entry point on our chain. Errors are viem's, when it cannot be asked. */
  async serves(): Promise<boolean> {
    const { chainId, address } = this.entryPoint
    const [id, points] = await Promise.all([this.ask('eth_chainId'), this.ask('eth_supportedEntryPoints')])
    const known = Addresses.parse(points).some((point) => isAddressEqual(point, address))
    return hexToNumber(id as Hex) === chainId && known
  }

  /**
   * The operation with the gas that this bundler wants for checking and bundling, where it is more than ours. Gas of the
   * call itself stays ours: an account pays for a part of what it leaves unused.
   *
   * @param operation not signed
   * @throws RangeError when it wants too much; viem's errors when it cannot be asked
   */
  async priced(operation: Operation): Promise<Operation> {
    const params = this.paramsOf({ ...operation, signature: NO_SIGNATURE })
    const answer = await this.ask('eth_estimateUserOperationGas', params).catch((error: unknown) => this.unpriced(error))
    const asked = Gas.safeParse(answer).data
    if (asked === undefined) return operation
    const { preVerificationGas, verificationGasLimit } = operation
    return {
      ...operation,
      preVerificationGas: higher(preVerificationGas, asked.preVerificationGas),
      verificationGasLimit: higher(verificationGasLimit, asked.verificationGasLimit),
    }
  }

  /** Hands a signed operation over, again and again if need be. What it answers proves nothing, so it is only logged. */
  async take(operation: Operation): Promise<void> {
    const hash = this.entryPoint.hashOf(operation)
    try {
      await this.ask('eth_sendUserOperation', this.paramsOf(operation))
    } catch (error) {
      this.log.warn({ operation: hash, reason: briefly(error) }, 'the bundler did not take an operation')
    }
  }

  // Not every bundler estimates for an account that is not there yet; an absent one is another matter.
  private unpriced(error: unknown): undefined {
    if (isOutage(error)) throw error
    this.log.info({ reason: briefly(error) }, 'the bundler gave no estimate')
  }

  private paramsOf(operation: Operation): unknown[] {
    return [formatUserOperationRequest(operation), this.entryPoint.address]
  }

  private ask(method: string, params: unknown[] = []): Promise<unknown> {
    return (this.client.request as (call: { method: string; params: unknown[] }) => Promise<unknown>)({ method, params })
  }
}

function higher(own: bigint, asked: bigint): bigint {
  if (asked > own * DEAREST) throw new RangeError(`the bundler asks for ${asked} gas where ${own} should do`)
  return asked > own ? asked : own
}

// viem's whole message holds the request, and the URL with whatever key is in it.
function briefly(error: unknown): string {
  if (!(error instanceof BaseError)) return String(error).slice(0, 200)
  return isOutage(error) ? error.shortMessage : `${error.shortMessage} ${error.details}`.slice(0, 200)
}
