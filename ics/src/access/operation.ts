import { type Address, type Hex, decodeFunctionData, encodeFunctionData } from 'viem'
import { type UserOperation, toPackedUserOperation } from 'viem/account-abstraction'
import { z } from 'zod'
import { abiOf } from '../chain/abi.ts'

/** Of the entry point that we speak to; its operations are hashed as EIP-712 data. */
export const VERSION = '0.8'

/** What the owner of a smart account signs (ERC-4337); gas in units, fees in wei. */
export type Operation = UserOperation<typeof VERSION>

const bytes = z.custom<Hex>((text) => typeof text === 'string')
const Packed = z.object({
  ...{ sender: bytes, nonce: z.bigint(), initCode: bytes, callData: bytes, accountGasLimits: bytes },
  ...{ preVerificationGas: z.bigint(), gasFees: bytes, paymasterAndData: bytes, signature: bytes },
})
const Bundle = z.object({ args: z.tuple([z.tuple([Packed]), z.string()]) })

/** The call that has the entry point carry this operation alone. */
export function bundleOf(operation: Operation, beneficiary: Address): Hex {
  const args = [[toPackedUserOperation(operation)], beneficiary]
  return encodeFunctionData({ abi: abiOf('entryPoint'), functionName: 'handleOps', args })
}

/** The operation in such a call. Errors: viem's or ZodError when it is another call. */
export function operationIn(bundle: Hex): Operation {
  const [[packed]] = Bundle.parse(decodeFunctionData({ abi: abiOf('entryPoint'), data: bundle })).args
  return unpacked(packed)
}

/** All the gas that an operation may use, and that its account must be able to pay. */
export function limitOf({ callGasLimit, verificationGasLimit, preVerificationGas }: Operation): bigint {
  return callGasLimit + verificationGasLimit + preVerificationGas
}

function unpacked({ initCode, accountGasLimits, gasFees, ...rest }: z.infer<typeof Packed>): Operation {
  const halves = (word: Hex) => [BigInt(word.slice(0, 34)), BigInt(`0x${word.slice(34)}`)] as [bigint, bigint]
  const [verificationGasLimit, callGasLimit] = halves(accountGasLimits)
  const [maxPriorityFeePerGas, maxFeePerGas] = halves(gasFees)
  const birth = initCode === '0x' ? {} : { factory: initCode.slice(0, 42) as Hex, factoryData: `0x${initCode.slice(42)}` as Hex }
  const { sender, nonce, callData, preVerificationGas, signature } = rest
  const gas = { verificationGasLimit, callGasLimit, preVerificationGas, maxPriorityFeePerGas, maxFeePerGas }
  return { sender, nonce, callData, ...birth, ...gas, signature }
}
