import { type Abi, type Address, type Hex, type TransactionReceipt, parseEventLogs } from 'viem'
import type { Chain } from '../chain/client.ts'

/** The event by which a forwarder or entry point says that it is done with one call. */
export type EndEvent = { abi: Abi; address: Address; eventName: string }

/** Where one carried call ended: its event's place among the logs of a receipt, and whether the call succeeded. */
export type Ended = { receipt: TransactionReceipt; event: EndEvent; logIndex: number; success: boolean; args: Record<string, unknown> }

/** The end of the call whose event has these arguments; undefined when the receipt tells of none. */
export function endOf(receipt: TransactionReceipt, event: EndEvent, isIt: (args: Record<string, unknown>) => boolean): Ended | undefined {
  const found = endsOf(receipt, event).find(({ args }) => isIt(args))
  if (found === undefined) return undefined
  return { receipt, event, logIndex: found.logIndex, success: found.args['success'] === true, args: found.args }
}

/** The receipt with the logs of that call alone: others may be carried by the same transaction. */
export function partOf({ receipt, event, logIndex }: Ended): TransactionReceipt {
  const before = endsOf(receipt, event).filter((other) => other.logIndex < logIndex)
  const start = before.at(-1)?.logIndex ?? -1
  return { ...receipt, logs: receipt.logs.filter((log) => log.logIndex > start && log.logIndex <= logIndex) }
}

/** The whole receipt that a log is in. */
export function receiptOfLog(chain: Chain, { transactionHash }: { transactionHash: Hex | null }): Promise<TransactionReceipt> {
  if (transactionHash === null) throw new Error('a pending log has no receipt')
  return chain.getTransactionReceipt({ hash: transactionHash })
}

type End = { logIndex: number; args: Record<string, unknown> }

function endsOf({ logs }: TransactionReceipt, { abi, address, eventName }: EndEvent): End[] {
  const ends = parseEventLogs({ abi, eventName, logs }) as unknown as (End & { address: Address })[]
  return ends.filter((log) => log.address.toLowerCase() === address.toLowerCase())
}
