import { type Abi, type Address, type Hex, type TransactionReceipt, parseEventLogs } from 'viem'
import type { Chain } from '../chain/client.ts'

/**
 * The event by which a forwarder or entry point says that it is done with one call; `begin` names the event, where there
 * is one, that comes before the first call.
 */
export type EndEvent = { abi: Abi; address: Address; eventName: string; begin?: string }

/** Where one carried call ended: its event's place among the logs of a receipt, and whether the call succeeded. */
export type Ended = { receipt: TransactionReceipt; event: EndEvent; logIndex: number; success: boolean; args: Record<string, unknown> }

/** The end of the call whose event has these arguments; undefined when the receipt tells of none. */
export function endOf(receipt: TransactionReceipt, event: EndEvent, isIt: (args: Record<string, unknown>) => boolean): Ended | undefined {
  const found = logsOf(receipt, event, event.eventName).find(({ args }) => isIt(args))
  if (found === undefined) return undefined
  return { receipt, event, logIndex: found.logIndex, success: found.args['success'] === true, args: found.args }
}

/** The receipt with the logs of that call alone: others, and their checks, may be carried by the same transaction. */
export function partOf({ receipt, event, logIndex }: Ended): TransactionReceipt {
  const names = [event.eventName, ...(event.begin === undefined ? [] : [event.begin])]
  const before = names.flatMap((name) => logsOf(receipt, event, name)).filter((other) => other.logIndex < logIndex)
  const start = Math.max(-1, ...before.map((other) => other.logIndex))
  return { ...receipt, logs: receipt.logs.filter((log) => log.logIndex > start && log.logIndex <= logIndex) }
}

/** The whole receipt that a log is in. */
export function receiptOfLog(chain: Chain, { transactionHash }: { transactionHash: Hex | null }): Promise<TransactionReceipt> {
  if (transactionHash === null) throw new Error('a pending log has no receipt')
  return chain.getTransactionReceipt({ hash: transactionHash })
}

type Said = { logIndex: number; args: Record<string, unknown> }

function logsOf({ logs }: TransactionReceipt, { abi, address }: EndEvent, eventName: string): Said[] {
  const said = parseEventLogs({ abi, eventName, logs }) as unknown as (Said & { address: Address })[]
  return said.filter((log) => log.address.toLowerCase() === address.toLowerCase())
}
