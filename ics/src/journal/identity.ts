import { z } from 'zod'
import type { Deployment } from '../chain/deployment.ts'
import type { Database } from './database.ts'

const Row = z.object({
  chain_id: z.number(),
  genesis_hash: z.string(),
  deployment_block: z.number(),
  deployment_hash: z.string(),
  highest: z.number(),
  highest_hash: z.string(),
})
/** Which chain the records are of, and the highest block of it that was surely there. */
export type IdentityRow = z.infer<typeof Row>

export class Identity {
  constructor(private readonly db: Database) {}

  read(): IdentityRow | undefined {
    return this.db.first(Row, 'SELECT * FROM identity')
  }

  /** Writes the chain's identity down once; the deployment block is the first one that was surely there. */
  begin({ chainId, genesisHash, deploymentBlock: { number, hash } }: Deployment): void {
    const sql = 'INSERT OR IGNORE INTO identity VALUES (1, ?, ?, ?, ?, ?, ?)'
    this.db.run(sql, chainId, genesisHash, number, hash, number, hash)
  }

  /** A block was seen that the chain will not lose. */
  saw(block: number, hash: string): void {
    this.db.run('UPDATE identity SET highest = ?, highest_hash = ? WHERE highest < ?', block, hash, block)
  }

  /** The chain went back, and everything of ours is on it again. */
  restart(block: number, hash: string): void {
    this.db.run('UPDATE identity SET highest = ?, highest_hash = ?', block, hash)
  }
}
