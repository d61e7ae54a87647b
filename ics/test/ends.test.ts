import {
  type Address,
  type Hex,
  type Log,
  type TransactionReceipt,
  encodeAbiParameters,
  encodeEventTopics,
  erc20Abi,
  pad,
  toHex,
  zeroAddress,
} from 'viem'
import { expect, test } from 'vitest'
import { endOf, partOf } from '../src/access/ends.ts'
import { abiOf } from '../src/chain/abi.ts'

const ENTRY: Address = `0x${'e'.repeat(40)}`
const TOKEN: Address = `0x${'7'.repeat(40)}`
const abi = abiOf('entryPoint')
const event = { abi, address: ENTRY, eventName: 'UserOperationEvent', begin: 'BeforeExecution' }
const id = (name: string) => pad(toHex(name))

type Said = Pick<Log, 'address' | 'topics' | 'data'>

function transfer(amount: bigint): Said {
  const topics = encodeEventTopics({ abi: erc20Abi, eventName: 'Transfer', args: { from: zeroAddress, to: TOKEN } })
  return { address: TOKEN, topics: topics as Log['topics'], data: toHex(amount, { size: 32 }) }
}

const BEGINS = encodeEventTopics({ abi, eventName: 'BeforeExecution' }) as Log['topics']
const begins = (address = ENTRY): Said => ({ address, topics: BEGINS, data: '0x' })

function ended(name: string, address = ENTRY): Said {
  const args = { userOpHash: id(name), sender: TOKEN, paymaster: zeroAddress }
  const topics = encodeEventTopics({ abi, eventName: 'UserOperationEvent', args })
  const types = ['uint256', 'bool', 'uint256', 'uint256'].map((type) => ({ type }))
  return { address, topics: topics as Log['topics'], data: encodeAbiParameters(types, [0n, true, 10n, 5n]) }
}

/** The data of the transfers in the part that one operation has of a transaction with these logs. */
function movedBy(name: string, said: Said[]): Hex[] {
  const logs = said.map((log, logIndex) => ({ ...log, logIndex: logIndex + 40 }))
  const end = endOf({ logs } as unknown as TransactionReceipt, event, ({ userOpHash }) => userOpHash === id(name))
  if (end === undefined) throw new Error(`${name} has not ended here`)
  return partOf(end).logs.filter(({ address }) => address === TOKEN).map(({ data }) => data)
}

const amounts = (...values: bigint[]) => values.map((value) => toHex(value, { size: 32 }))
const bundle = [transfer(1n), begins(), transfer(2n), transfer(3n), ended('first'), transfer(4n), ended('second'), transfer(5n)]

test('the first operation of a bundle has nothing of what came before the calls', () => {
  expect(movedBy('first', bundle)).toEqual(amounts(2n, 3n))
})

test('a later one has nothing of the others, nor of what came after', () => {
  expect(movedBy('second', bundle)).toEqual(amounts(4n))
})

test('of two bundles in one transaction each has its own', () => {
  const both = [...bundle, transfer(6n), begins(), transfer(7n), ended('third')]
  expect(movedBy('third', both)).toEqual(amounts(7n))
  expect(movedBy('second', both)).toEqual(amounts(4n))
})

test('events of other contracts that look the same cut nothing off and end nothing', () => {
  const faked = [begins(), transfer(1n), begins(TOKEN), ended('other', zeroAddress), transfer(2n), ended('own')]
  expect(movedBy('own', faked)).toContain(amounts(2n)[0])
  expect(movedBy('own', faked)).toContain(amounts(1n)[0])
  expect(() => movedBy('other', faked)).toThrow('has not ended here')
})
