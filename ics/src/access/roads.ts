import type { Address } from 'viem'
import type { HDAccount, LocalAccount } from 'viem/accounts'
import { z } from 'zod'
import { type ContractName, accountAbi } from '../chain/abi.ts'
import { accountOf } from '../chain/account.ts'
import type { Chain } from '../chain/client.ts'
import { Rejected } from '../errors.ts'
import type { Meta } from '../schema.ts'
import { type Bundling, SmartAccount } from './account.ts'
import { type Actor, ROAD_OF, type Road } from './actor.ts'
import type { Bundler } from './bundler.ts'
import { Direct } from './direct.ts'
import type { EntryPoint } from './entrypoint.ts'
import { type Relay, Relayed } from './relayed.ts'
import type { Contracts } from './request.ts'
import { isOutage } from './revert.ts'

// Whom a user's money steps call. One that does not trust the forwarder would see the forwarder as the sender.
const CALLED = ['token', 'jobRegistry', 'stakeManager', 'validationModule'] as const satisfies ContractName[]

/** The sponsor pays for the transactions of relayer and, without a bundler, of aa; no entry point, no aa. */
export type Carriers = { sponsor: LocalAccount; entryPoint: EntryPoint | undefined; bundler: Bundler | undefined }

/** The roads that this chain has, proven by its contracts rather than by the deployment file alone. */
export class Roads {
  private relay: Promise<Relay | undefined> | undefined
  private bundling: Promise<Bundling | undefined> | undefined
  private readonly accounts = new Map<Address, Address>()

  constructor(
    private readonly chain: Chain,
    private readonly contracts: Contracts,
    private readonly signerOf: (userId: string) => HDAccount,
    private readonly carriers: Carriers,
  ) {}

  /** Who acts for the user of a call, by the road that it names. Throws Rejected (TXMODE_UNSUPPORTED). */
  async actorOf({ userId, txMode = 'direct' }: Meta): Promise<Actor> {
    const actor = await this.on(ROAD_OF[txMode], this.signerOf(userId))
    if (actor !== undefined) return actor
    const message = `txMode ${txMode} does not work on this chain.`
    throw new Rejected({ code: 'TXMODE_UNSUPPORTED', message, fix: 'Use txMode direct.' })
  }

  /** Those that work now. Errors are viem's, when the node cannot be asked. */
  async supported(): Promise<Road[]> {
    const [relay, bundling] = [await this.relayOf(), await this.bundlingOf()]
    const bundled = bundling !== undefined && (await this.served(bundling))
    return ['direct', ...(relay ? (['relayer'] as const) : []), ...(bundled ? (['aa'] as const) : [])]
  }

  // A bundler that is away takes its own road along, not the others.
  private async served({ bundler }: Bundling): Promise<boolean> {
    return (await bundler?.serves().catch(() => false)) ?? true
  }

  private async on(road: Road, key: HDAccount): Promise<Actor | undefined> {
    if (road === 'direct') return new Direct(this.chain, key)
    if (road === 'relayer') {
      const relay = await this.relayOf()
      return relay && new Relayed(this.chain, relay, key)
    }
    const bundling = await this.bundlingOf()
    return bundling && new SmartAccount(this.chain, bundling, key, await this.accountOf(bundling, key))
  }

  private async accountOf({ factory }: Bundling, { address }: HDAccount): Promise<Address> {
    const account = this.accounts.get(address) ?? (await accountOf(this.chain, factory, address))
    this.accounts.set(address, account)
    return account
  }

  // Contracts never change their forwarder: found once, unless the node could not be asked.
  private relayOf(): Promise<Relay | undefined> {
    this.relay ??= this.findRelay().catch((error: unknown) => {
      this.relay = undefined
      throw error
    })
    return this.relay
  }

  private bundlingOf(): Promise<Bundling | undefined> {
    this.bundling ??= this.findBundling().catch((error: unknown) => {
      this.bundling = undefined
      throw error
    })
    return this.bundling
  }

  private async findRelay(): Promise<Relay | undefined> {
    const { forwarder } = this.contracts.deployment.addresses
    if (forwarder === undefined) return undefined
    const trusted = await Promise.all(CALLED.map((name) => this.trusts(name, forwarder)))
    if (trusted.includes(false)) return undefined
    const { name, version } = (await this.chain.getEip712Domain({ address: forwarder })).domain
    const domain = { name, version, chainId: this.contracts.deployment.chainId, verifyingContract: forwarder }
    return { forwarder, domain, sponsor: this.carriers.sponsor, since: BigInt(this.contracts.deployment.deploymentBlock.number) }
  }

  // A token without ERC-2771 has no such view, and says so by reverting.
  private async trusts(name: ContractName, forwarder: Address): Promise<boolean> {
    const request = this.contracts.request(name, 'isTrustedForwarder', [forwarder])
    try {
      return z.boolean().parse(await this.chain.readContract({ ...request, args: [...request.args] }))
    } catch (error) {
      if (isOutage(error)) throw error
      return false
    }
  }

  private async findBundling(): Promise<Bundling | undefined> {
    const { sponsor, entryPoint, bundler } = this.carriers
    const { accountFactory: factory } = this.contracts.deployment.addresses
    if (entryPoint === undefined || factory === undefined) return undefined
    const address = z.string().parse(await this.chain.readContract(this.contracts.request('accountFactory', 'accountImplementation')))
    const made = await this.chain.readContract({ abi: accountAbi(), address: address as Address, functionName: 'entryPoint' })
    return made === entryPoint.address ? { entryPoint, factory, sponsor, bundler } : undefined
  }
}
