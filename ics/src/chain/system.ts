import { type Address, getContractAddress } from 'viem'
import type { ContractName } from './abi.ts'
import type { Fees, LocalChain } from './config.ts'
import { parseAmount } from '../money.ts'
import type { Call } from './sender.ts'
import { faucetAccount, signerFor } from './signer.ts'

/** Where each contract is. */
export type Addresses = Record<ContractName, Address>

const ORDER = [
  'forwarder',
  'entryPoint',
  'accountFactory',
  'token',
  'identityRegistry',
  'feePool',
  'stakeManager',
  'jobRegistry',
  'validationModule',
  'disputeModule',
  'systemPause',
] as const satisfies ContractName[]
const BRAKED = [
  'identityRegistry',
  'feePool',
  'stakeManager',
  'jobRegistry',
  'validationModule',
  'disputeModule',
] as const satisfies ContractName[]

/**
 * What to create and in which order. Addresses follow from deployer and nonce, so constructors may name each other.
 *
 * @param governance deployer and owner of all but the token, which the faucet owns
 * @param nonce the deployer's next nonce
 */
export function creations(governance: Address, nonce: number, local: LocalChain, fees: Fees) {
  const at = (index: number) => getContractAddress({ from: governance, nonce: BigInt(nonce + index) })
  const addresses = Object.fromEntries(ORDER.map((name, index) => [name, at(index)])) as Addresses
  const args = constructors(governance, addresses, local, fees)
  return { addresses, contracts: ORDER.map((name) => ({ name, args: args[name] })) }
}

function constructors(
  governance: Address,
  at: Addresses,
  local: LocalChain,
  fees: Fees,
): Record<ContractName, readonly unknown[]> {
  const base = [governance, at.forwarder]
  return {
    forwarder: ['OneBox forwarder'],
    entryPoint: [],
    accountFactory: [at.entryPoint],
    token: [faucetAccount(local.mnemonic).address, at.forwarder],
    identityRegistry: base,
    feePool: [...base, at.token, fees.feePoolBurnPct],
    stakeManager: [...base, at.token, local.validatorMin, fees.burnPct],
    jobRegistry: [...base, fees.feePct, fees.validatorPct],
    validationModule: [...base, local.commitWindow, local.revealWindow, local.committee],
    disputeModule: [...base, parseAmount(fees.disputeFee), local.disputeWindow],
    systemPause: [...base, BRAKED.map((name) => at[name])],
  }
}

/**
 * The calls that join created contracts into one system, set its terms and admit the local users.
 *
 * @param accounts the smart account of each agent and validator by userId, which is an actor of its own
 */
export function wiring(at: Addresses, local: LocalChain, accounts: Record<string, Address>): (Call & { on: ContractName })[] {
  return [...joins(at), ...terms(local), ...admissions(local, accounts)]
}

/** The users who work or judge, by userId. */
export function staff(local: LocalChain, role: 'agent' | 'validator'): string[] {
  return Object.keys(local.users).filter((userId) => local.users[userId]?.role === role)
}

function joins(at: Addresses): (Call & { on: ContractName })[] {
  const modules = (on: ContractName, ...args: Address[]) => ({ on, functionName: 'setModules', args })
  return [
    modules('stakeManager', at.jobRegistry, at.disputeModule, at.feePool),
    modules('jobRegistry', at.stakeManager, at.validationModule, at.identityRegistry, at.disputeModule),
    modules('validationModule', at.jobRegistry, at.stakeManager, at.identityRegistry),
    modules('disputeModule', at.jobRegistry, at.stakeManager),
    { on: 'feePool', functionName: 'setStakeManager', args: [at.stakeManager] },
    ...BRAKED.map((on) => ({ on, functionName: 'setPauser', args: [at.systemPause] })),
  ]
}

function terms(local: LocalChain): (Call & { on: ContractName })[] {
  return [
    // A lost vote returns the whole escrow.
    { on: 'stakeManager', functionName: 'setSlashingPercentages', args: [100, 0] },
    { on: 'jobRegistry', functionName: 'setJobParameters', args: [local.maxJobReward, local.jobStake] },
    { on: 'jobRegistry', functionName: 'setJobDurationLimit', args: [local.maxJobDuration] },
    { on: 'jobRegistry', functionName: 'setMinAgentStake', args: [local.minAgentStake] },
    { on: 'jobRegistry', functionName: 'setExpirationGracePeriod', args: [local.expirationGracePeriod] },
    { on: 'validationModule', functionName: 'setMinValidators', args: [local.committee] },
    { on: 'validationModule', functionName: 'setForceFinalizeGrace', args: [local.forceFinalizeGrace] },
  ]
}

function admissions(local: LocalChain, accounts: Record<string, Address>): (Call & { on: ContractName })[] {
  const actors = (userId: string) => [signerFor(local.mnemonic, userId).address, ...(accounts[userId] ? [accounts[userId]] : [])]
  const of = (role: 'agent' | 'validator') => staff(local, role).flatMap(actors)
  const admit = (functionName: string) => (who: Address) => ({ on: 'identityRegistry' as const, functionName, args: [who] })
  return [
    ...of('agent').map(admit('addAdditionalAgent')),
    ...of('validator').map(admit('addAdditionalValidator')),
    { on: 'validationModule', functionName: 'setValidatorPool', args: [of('validator')] },
  ]
}
