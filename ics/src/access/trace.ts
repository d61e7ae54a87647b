import type { Address, Hex } from 'viem'
import type { Chain } from '../chain/client.ts'
import type { Failure } from '../status.ts'
import { failureOfData } from './revert.ts'

type Trace = { to?: string; output?: Hex; error?: string; calls?: Trace[] }

/**
 * Why a mined transaction failed, as the node's trace tells; receipts carry no reason.
 *
 * @param of whose failed call is meant, where the transaction carried one; by default the transaction itself
 */
export async function reasonOf(chain: Chain, hash: Hex, of?: Address): Promise<Failure> {
  const trace = await traceOf(chain, hash)
  const failed = of === undefined || trace === undefined ? trace : failedCall(trace, of.toLowerCase())
  return failureOfData(failed?.output ?? '0x')
}

function failedCall(trace: Trace, to: string): Trace | undefined {
  if (trace.to?.toLowerCase() === to && trace.error !== undefined) return trace
  for (const call of trace.calls ?? []) {
    const found = failedCall(call, to)
    if (found !== undefined) return found
  }
  return undefined
}

async function traceOf(chain: Chain, hash: Hex): Promise<Trace | undefined> {
  const request = chain.request as (call: { method: string; params: unknown[] }) => Promise<unknown>
  const asked = { method: 'debug_traceTransaction', params: [hash, { tracer: 'callTracer' }] }
  return (await request(asked).catch(() => undefined)) as Trace | undefined
}
