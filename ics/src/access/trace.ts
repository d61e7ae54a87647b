import type { Hex } from 'viem'
import type { Chain } from '../chain/client.ts'
import type { Failure } from '../status.ts'
import { failureOfData } from './revert.ts'

type Trace = { output?: Hex }

/** Why a mined transaction reverted, as the node's trace tells; receipts carry no reason. */
export async function reasonOf(chain: Chain, hash: Hex): Promise<Failure> {
  return failureOfData((await traceOf(chain, hash))?.output ?? '0x')
}

async function traceOf(chain: Chain, hash: Hex): Promise<Trace | undefined> {
  const request = chain.request as (call: { method: string; params: unknown[] }) => Promise<unknown>
  const asked = { method: 'debug_traceTransaction', params: [hash, { tracer: 'callTracer' }] }
  return (await request(asked).catch(() => undefined)) as Trace | undefined
}
