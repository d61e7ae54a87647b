import { type Log, parseEventLogs } from 'viem'
import type { z } from 'zod'
import { type ContractName, abiOf } from '../chain/abi.ts'

/** The arguments of every event of this name among a receipt's logs, in order. Errors: ZodError. */
export function eventsOf<T>(schema: z.ZodType<T>, on: ContractName, eventName: string, logs: Log[]): T[] {
  return parseEventLogs({ abi: abiOf(on), eventName, logs }).map(({ args }) => schema.parse(args))
}

/** The arguments of the first one. Throws when there is none: the contract did not do what its interface says. */
export function eventOf<T>(schema: z.ZodType<T>, on: ContractName, eventName: string, logs: Log[]): T {
  const [first] = eventsOf(schema, on, eventName, logs)
  if (first === undefined) throw new Error(`the receipt has no event ${eventName}`)
  return first
}
