import { type Abi, type Address, type Hex, encodeFunctionData } from 'viem'
import { type ContractName, abiOf, overloadOf } from '../chain/abi.ts'
import type { Deployment } from '../chain/deployment.ts'

/** One call of a contract's function, ready for viem; amounts in base units. */
export type Request = { to: Address; address: Address; abi: Abi; functionName: string; args: readonly unknown[] }

/** The call data of a request. */
export function dataOf({ abi, functionName, args }: Request): Hex {
  return encodeFunctionData({ abi, functionName, args: [...args] })
}

/** Makes requests to the deployed contracts. */
export class Contracts {
  constructor(readonly deployment: Deployment) {}

  request(on: ContractName, functionName: string, args: readonly unknown[] = []): Request {
    const address = this.where(on)
    return { to: address, address, abi: abiOf(on), functionName, args }
  }

  /** The same for one of several functions of a name, told by its whole signature: `raiseDispute(uint256,string)`. */
  overload(on: ContractName, signature: string, args: readonly unknown[]): Request {
    const functionName = signature.replace(/\(.*/, '')
    return { ...this.request(on, functionName, args), abi: overloadOf(on, signature) }
  }

  /** Checksummed address; throws for the optional system pause when it is not deployed. */
  where(name: ContractName): Address {
    const address = this.deployment.addresses[name]
    if (address === undefined) throw new Error(`${name} is not deployed`)
    return address
  }
}
