import { setTimeout as sleep } from 'node:timers/promises'
import type { Hex } from 'viem'
import type { Chain } from '../chain/client.ts'
import { ChainChanged, type Deployment, checkDeployment, hashAt } from '../chain/deployment.ts'
import type { IdentityRow } from '../journal/identity.ts'
import type { Journal } from '../journal/journal.ts'
import type { TxRow } from '../journal/txes.ts'
import type { Miner } from './mined.ts'
import { ChainUnavailable, isOutage } from './revert.ts'

// Blocks below the highest one that are looked through when the chain's end changed.
const REORG_DEPTH = 64
const PATIENCE_MS = 5_000
// Once they did not come back, later requests should hear so at once.
const LITTLE_PATIENCE_MS = 200

/** Why nothing may start on this chain. */
export class ChainRefused extends Error {
  override name = 'ChainRefused'
  constructor(
    readonly code: 'CHAIN_UNAVAILABLE' | 'CHAIN_CHANGED' | 'CHAIN_ROLLED_BACK',
    message: string,
  ) {
    super(message)
  }
}

/** Makes sure that the chain which answers is the one of the records, with everything of ours on it. */
export class Guard {
  private deployed = false
  private patience = PATIENCE_MS

  constructor(
    private readonly chain: Chain,
    private readonly deployment: Deployment,
    private readonly journal: Journal,
    private readonly miner: Miner,
  ) {}

  /** @throws ChainRefused; nothing may be sent then */
  async check(): Promise<void> {
    try {
      await this.look()
    } catch (error) {
      throw refused(error)
    }
  }

  private async look(): Promise<void> {
    await this.sameChain()
    this.journal.identity.begin(this.deployment)
    const known = this.journal.identity.read()
    if (known !== undefined) await this.sameRecords(known)
    await this.remember()
  }

  // Code at each address cannot go away on a chain that keeps its deployment block: looked at once.
  private async sameChain(): Promise<void> {
    const { chainId, genesisHash, deploymentBlock } = this.deployment
    if (!this.deployed) await checkDeployment(this.chain, this.deployment)
    this.deployed = true
    const [id, genesis, block] = await Promise.all([
      this.chain.getChainId(),
      hashAt(this.chain, 0),
      hashAt(this.chain, deploymentBlock.number),
    ])
    if (id === chainId && genesis === genesisHash && block === deploymentBlock.hash) return
    throw new ChainRefused('CHAIN_CHANGED', 'the node serves another chain than the one of the deployment file')
  }

  private async sameRecords(known: IdentityRow): Promise<void> {
    const { chainId, genesisHash, deploymentBlock } = this.deployment
    const same = known.chain_id === chainId && known.genesis_hash === genesisHash
    if (!same || known.deployment_hash !== deploymentBlock.hash) {
      throw new ChainRefused('CHAIN_CHANGED', 'the journal holds records of another chain: give it a new file, or the chain back')
    }
    if ((await hashAt(this.chain, known.highest)) !== known.highest_hash) await this.restore(known)
  }

  // The chain's end is not what it was: every transaction that was in its last blocks must come back as it was.
  private async restore(known: IdentityRow): Promise<void> {
    const head = Number(await this.chain.getBlockNumber())
    const from = Math.min(head, known.highest) - REORG_DEPTH
    const ours = this.journal.txes.since(Math.max(from, 0))
    for (const tx of ours) if (!(await this.miner.isThere(tx))) await this.miner.broadcast(tx)
    await this.allBack(ours)
    const now = await this.chain.getBlock()
    this.journal.identity.restart(Number(now.number), now.hash)
    this.patience = PATIENCE_MS
  }

  private async allBack(ours: TxRow[]): Promise<void> {
    const end = performance.now() + this.patience
    this.patience = LITTLE_PATIENCE_MS
    for (const tx of ours) {
      while (!(await this.miner.isThere(tx))) {
        if (performance.now() > end) throw rolledBack(tx.hash)
        await sleep(50)
      }
    }
  }

  private async remember(): Promise<void> {
    const head = Number(await this.chain.getBlockNumber())
    const safe = await this.miner.safeHeight(head)
    const hash = safe < 0 ? undefined : await hashAt(this.chain, safe)
    if (hash !== undefined) this.journal.identity.saw(safe, hash)
  }
}

function rolledBack(hash: Hex): ChainRefused {
  return new ChainRefused('CHAIN_ROLLED_BACK', `the chain is behind the records: transaction ${hash} is gone and did not come back`)
}

function refused(error: unknown): unknown {
  if (error instanceof ChainChanged) return new ChainRefused('CHAIN_CHANGED', error.message.replace('CHAIN_CHANGED: ', ''))
  if (isOutage(error) || error instanceof ChainUnavailable) {
    return new ChainRefused('CHAIN_UNAVAILABLE', 'the node does not answer')
  }
  return error
}
