import { type Address, getContractAddress, zeroAddress } from 'viem'
import type { ContractName } from './abi.ts'
import type { Fees, LocalChain } from './config.ts'
import { parseAmount } from '../money.ts'
import type { Call } from './sender.ts'
import { faucetAccount, signerFor } from './signer.ts'

/** Where each contract is. */
export type Addresses = Record<ContractName, Address>

const ORDER = [
  'token',
  'identityRegistry',
  'feePool',
  'stakeManager',
  'jobRegistry',
  'validationModule',
  'disputeModule',
  'systemPause',
] as const satisfies ContractName[]
const BRAKED = ORDER.filter((name) => name !== 'token' && name !== 'systemPause')

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
  const base = [governance, zeroAddress] // no trusted forwarder: txMode relayer is not supported yet
  return {
    token: [faucetAccount(local.mnemonic).address],
    identityRegistry: base,
    feePool: [...base, at.token, fees.feePoolBurnPct],
    stakeManager: [...base, at.token, local.validatorMin, fees.burnPct],
    jobRegistry: [...base, fees.feePct, fees.validatorPct],
    validationModule: [...base, local.commitWindow, local.revealWindow, local.committee],
    disputeModule: [...base, parseAmount(fees.disputeFee), local.disputeWindow],
    systemPause: [governance, BRAKED.map((name) => at[name])],
  }
}

/** The calls that join created contracts into one system, set its terms and admit the local users. */
export function wiring(at: Addresses, local: LocalChain): (Call & { on: ContractName })[] {
  return [...joins(at), ...terms(local), ...admissions(local)]
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

function admissions(local: LocalChain): (Call & { on: ContractName })[] {
  const of = (role: string) =>
    Object.entries(local.users)
      .filter(([, user]) => user.role === role)
      .map(([userId]) => signerFor(local.mnemonic, userId).address)
  const admit = (functionName: string) => (who: Address) => ({ on: 'identityRegistry' as const, functionName, args: [who] })
  return [
    ...of('agent').map(admit('addAdditionalAgent')),
    ...of('validator').map(admit('addAdditionalValidator')),
    { on: 'validationModule', functionName: 'setValidatorPool', args: [of('validator')] },
  ]
}
