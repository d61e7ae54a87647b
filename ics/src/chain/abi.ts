import { readFileSync } from 'node:fs'
import { createRequire } from 'node:module'
import { type Abi, type Hex, toFunctionSignature } from 'viem'
import { z } from 'zod'

const isAbi = z.custom<Abi>((value) => Array.isArray(value))
const Artifact = z.object({ abi: isAbi, bytecode: z.custom<Hex>((code) => typeof code === 'string') })

/** The contracts by the names that the deployment file gives their addresses. */
export const CONTRACT_NAMES = {
  token: 'AGIALPHAToken',
  jobRegistry: 'JobRegistry',
  stakeManager: 'StakeManager',
  validationModule: 'ValidationModule',
  feePool: 'FeePool',
  identityRegistry: 'IdentityRegistry',
  disputeModule: 'DisputeModule',
  systemPause: 'SystemPause',
} as const

// Published with their bytecode: what is audited is what is deployed, and nothing of it is compiled here.
const PUBLISHED = {
  forwarder: '@openzeppelin/contracts/build/contracts/ERC2771Forwarder.json',
  entryPoint: '@account-abstraction/contracts/artifacts/EntryPoint.json',
  accountFactory: '@account-abstraction/contracts/artifacts/SimpleAccountFactory.json',
} as const
/** Those that other txModes than direct need; a chain may lack them. */
export type RoadContract = keyof typeof PUBLISHED
export type ContractName = keyof typeof CONTRACT_NAMES | RoadContract

const require = createRequire(import.meta.url)

export type Artifact = { abi: Abi; bytecode: Hex }

const loaded = new Map<ContractName, Artifact>()

/**
 * A compiled contract; its ABI holds every custom error of all contracts, because a call may revert in another one.
 *
 * @throws the file system's error when `npm run compile` has not run
 */
export function artifact(name: ContractName): Artifact {
  const known = loaded.get(name) ?? load(name)
  loaded.set(name, known)
  return known
}

/** The ABI of a contract with the union of all custom errors; errors as {@link artifact}. */
export function abiOf(name: ContractName): Abi {
  return artifact(name).abi
}

/**
 * The ABI of a contract with one function alone, and all errors: viem cannot tell apart overloads such as
 * `raiseDispute(uint256,string)` and `raiseDispute(uint256,bytes32)` by their arguments.
 *
 * @param signature name and types without spaces
 * @throws RangeError when the contract has no such function
 */
export function overloadOf(name: ContractName, signature: string): Abi {
  const isOther = (entry: Abi[number]) => entry.type === 'function' && toFunctionSignature(entry) !== signature
  const abi = abiOf(name).filter((entry) => !isOther(entry))
  if (!abi.some((entry) => entry.type === 'function')) throw new RangeError(`${name} has no ${signature}`)
  return abi
}

/** The ABI of ERC-4337's reference account, which its factory creates. */
export function accountAbi(): Abi {
  return Artifact.parse(publishedJson('@account-abstraction/contracts/artifacts/SimpleAccount.json')).abi
}

/** Every custom error, for data of unknown origin; errors as {@link artifact}. */
export function allErrors(): Abi {
  return isAbi.parse(readJson('errors'))
}

function load(name: ContractName): Artifact {
  if (isPublished(name)) return Artifact.parse(publishedJson(PUBLISHED[name]))
  const { abi, bytecode } = Artifact.parse(readJson(CONTRACT_NAMES[name]))
  const own = abi.filter((entry) => entry.type !== 'error')
  return { abi: [...own, ...allErrors()], bytecode }
}

function isPublished(name: ContractName): name is RoadContract {
  return name in PUBLISHED
}

function publishedJson(path: string): unknown {
  return JSON.parse(readFileSync(require.resolve(path), 'utf8'))
}

function readJson(name: string): unknown {
  return JSON.parse(readFileSync(new URL(`../../artifacts/${name}.json`, import.meta.url), 'utf8'))
}
