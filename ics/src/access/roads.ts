import type { HDAccount } from 'viem/accounts'
import type { Chain } from '../chain/client.ts'
import { Rejected } from '../errors.ts'
import type { Meta } from '../schema.ts'
import { type Actor, ROAD_OF } from './actor.ts'
import { Direct } from './direct.ts'

/** The roads that this chain has. */
export class Roads {
  constructor(
    private readonly chain: Chain,
    private readonly signerOf: (userId: string) => HDAccount,
  ) {}

  /** Who acts for the user of a call, by the road that it names. Throws Rejected (TXMODE_UNSUPPORTED). */
  async actorOf({ userId, txMode = 'direct' }: Meta): Promise<Actor> {
    if (ROAD_OF[txMode] === 'direct') return new Direct(this.chain, this.signerOf(userId))
    const message = `txMode ${txMode} does not work yet.`
    throw new Rejected({ code: 'TXMODE_UNSUPPORTED', message, fix: 'Use txMode direct.' })
  }
}
