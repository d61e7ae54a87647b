import { type Address, type Hex, type Log, getAddress, isAddressEqual, parseEventLogs, zeroAddress } from 'viem'
import { z } from 'zod'
import { type ContractName, abiOf } from '../chain/abi.ts'
import { formatAmount } from '../money.ts'
import type { Payout, Transfer } from '../status.ts'
import type { Context } from './context.ts'

/** What a handler reads of a transaction: it may be mined, or simulated. */
export type Logged = { logs: Log[]; transactionHash: Hex }

const Account = z.string().transform((text) => getAddress(text))
const Moved = z.object({ from: Account, to: Account, value: z.bigint() })

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

/** Every move of the token among these logs, in order; whoever has a name is named. */
export function transfersOf({ contracts }: Context, signer: Address, logs: Log[], payouts: Payout[]): Transfer[] {
  const token = contracts.where('token')
  const roles = [...payouts]
  const moved = eventsOf(Moved, 'token', 'Transfer', logs.filter(({ address }) => isAddressEqual(address, token)))
  return moved.map(({ from, to, value }) => {
    const amount = formatAmount(value)
    const paid = roles.findIndex((payout) => payout.to === to && payout.amount === amount)
    const role = paid < 0 ? null : (roles.splice(paid, 1)[0]?.role ?? null)
    return { from, to, amount, payer: nameOf(contracts, signer, from), payee: nameOf(contracts, signer, to) ?? role }
  })
}

function nameOf({ deployment }: Context['contracts'], signer: Address, account: Address): string | null {
  if (account === zeroAddress) return 'burnt'
  if (account === signer) return 'signer'
  const [name] = Object.entries(deployment.addresses).find(([, address]) => address === account) ?? []
  return name === undefined ? null : name.replace(/[A-Z]/g, (letter) => `_${letter.toLowerCase()}`)
}
