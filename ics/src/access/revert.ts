import {
  BaseError,
  ContractFunctionRevertedError,
  type Hex,
  HttpRequestError,
  InsufficientFundsError,
  TimeoutError,
  decodeErrorResult,
} from 'viem'
import { allErrors } from '../chain/abi.ts'
import { NO_GAS_MONEY, UNKNOWN_REVERT, failureOf } from '../errors.ts'
import type { Failure } from '../status.ts'

/** The node does not answer, or answers nonsense. */
export class ChainUnavailable extends Error {
  override name = 'ChainUnavailable'
  readonly code = 'CHAIN_UNAVAILABLE'
}

/** The failure behind viem's error when the chain refused; undefined when it is about something else. */
export function refusalOf(error: unknown): Failure | undefined {
  if (!(error instanceof BaseError)) return undefined
  if (error.walk((cause) => cause instanceof InsufficientFundsError) !== null) return NO_GAS_MONEY
  const revert = error.walk((cause) => cause instanceof ContractFunctionRevertedError)
  if (!(revert instanceof ContractFunctionRevertedError)) return undefined
  if (revert.data !== undefined) return failureOf(revert.data.errorName, revert.data.args ?? [])
  return revert.raw === undefined ? UNKNOWN_REVERT : failureOfData(revert.raw)
}

/** The failure that a call's return data stands for. */
export function failureOfData(data: Hex): Failure {
  try {
    const { errorName, args } = decodeErrorResult({ abi: allErrors(), data })
    return failureOf(errorName, args ?? [])
  } catch {
    return UNKNOWN_REVERT
  }
}

/** True when the node could not be asked. */
export function isOutage(error: unknown): boolean {
  if (error instanceof ChainUnavailable) return true
  if (!(error instanceof BaseError)) return false
  return error.walk((cause) => cause instanceof HttpRequestError || cause instanceof TimeoutError) !== null
}
