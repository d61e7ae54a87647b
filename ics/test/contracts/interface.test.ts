import { type AbiEvent, type AbiFunction, toEventSelector, toFunctionSelector, toFunctionSignature } from 'viem'
import { beforeAll, describe, expect, test } from 'vitest'
import { type ContractName, CONTRACT_NAMES, abiOf, allErrors, artifact, overloadOf } from '../../src/chain/abi.ts'
import { MAX_CODE_SIZE, compile } from '../../src/chain/compile.ts'

// The v2 protocol's selectors: a caller of a mainnet deployment meets the same four bytes.
const ERRORS = `ERC20InsufficientAllowance fb8f41b2 ERC20InsufficientBalance e450d38c InvalidDeadline 769d11e4
DurationTooLong 9529f506 DeadlinePassed 70f65caa DeadlineNotReached 66ec4ee6 CannotExpire aa98a45e
RewardTooHigh 474c2471 RewardOverflow 50082065 JobParametersUnset cd7206f3 InvalidSpecHash 6d3b4d8d
InvalidPercentages 6d2fd3c9 NotAuthorizedAgent 50699b39 EmptySubdomain 4549c4ec IdentityRegistryNotSet af1d4489
UnauthorizedValidator 8460af8a AgentTypeNotAllowed d444eeaf InsufficientAgentStake e8b3fee9
InsufficientStake f1bc94d2 InsufficientLocked d8dfae45 BelowMinimumStake 8ecf3d03 MaxStakeExceeded f430f30c
InvalidAmount 2c5211c6 InvalidRole d954416a NoStake cacf989a NotOpen ddafad98 InvalidJobState 1a99ec7c
NotSubmitted 448ad723 NotReady 9488aaa6 CannotCancel fbc03578 CannotDispute 1a7a0ae5 JobNotSubmitted 42d7e2f0
OnlyEmployer b13fc17f OnlyAgent 73620441 OnlyParticipant 3baf5b34 OnlyValidationModule bfb07046
NotGovernance b56f932c NotValidator 2ec5b449 BlacklistedAgent 73091af0 BlacklistedEmployer 2e3025aa
MaxActiveJobsReached 79f53835 EvidenceMissing 262c34ea CommitPhaseActive 32e8f55d CommitPhaseClosed 5d0e7740
RevealPhaseClosed 59f73961 CommitMissing a48e8261 AlreadyCommitted bfec5558 AlreadyRevealed a89ac151
InvalidReveal 9ea6d127 RevealPending b99f6e32 AlreadyTallied da16e77e ValidatorPoolTooSmall c4749df7
InsufficientValidators ddfe5dad ValidatorBanned c41c4fef BurnEvidenceIncomplete 288dfda3
InvalidBurnReceipt 19910940 TokenNotBurnable f85c6e43 InsufficientEscrow 90b8ab88 InsufficientRewardPool 3270436b
TaxPolicyNotAcknowledged a4600010 EnforcedPause d93c0665 ReentrancyGuardReentrantCall 3ee5aeb5`.split(/\s+/)

beforeAll(async () => {
  await compile()
})

const names = Object.keys(CONTRACT_NAMES) as ContractName[]
const pairs = ERRORS.flatMap((name, index) => (index % 2 === 0 ? [[name, ERRORS[index + 1]] as const] : []))

describe('custom errors', () => {
  test.each(pairs)('%s has the selector %s', (name, selector) => {
    const error = allErrors().find((entry) => entry.type === 'error' && entry.name === name)
    if (error?.type !== 'error') throw new Error(`no error ${name}`)
    expect(toFunctionSelector({ ...error, type: 'function' } as unknown as AbiFunction)).toBe(`0x${selector}`)
  })

  test.each(names)('%s can decode each of them', (name) => {
    const errors = abiOf(name).filter((entry) => entry.type === 'error')
    expect(errors).toEqual(allErrors())
  })
})

describe('functions and events', () => {
  const selectors = (name: ContractName) =>
    abiOf(name)
      .filter((entry) => entry.type === 'function')
      .map((entry) => toFunctionSelector(entry))

  test('the registry has the v2 selectors', () => {
    const v2 = ['0xea79ef7d', '0x327c1255', '0x45e2a625', '0x05261aea', '0x029926a7', '0x236db750']
    expect(selectors('jobRegistry')).toEqual(expect.arrayContaining(v2))
  })

  test('JobCreated has the v2 topic', () => {
    const event = abiOf('jobRegistry').find((entry) => entry.type === 'event' && entry.name === 'JobCreated')
    const topic = '0x03495cfad033ca8c88fb3c9de23dcd45625cbae136f188b44036c926e155cbce'
    expect(toEventSelector(event as AbiEvent)).toBe(topic)
  })

  test('an overload is picked by its signature', () => {
    const functions = overloadOf('jobRegistry', 'raiseDispute(uint256,bytes32)').filter((e) => e.type === 'function')
    expect(functions.map((entry) => toFunctionSignature(entry))).toEqual(['raiseDispute(uint256,bytes32)'])
    expect(() => overloadOf('jobRegistry', 'raiseDispute(uint256)')).toThrow(RangeError)
  })
})

test.each(names)('%s is small enough to be deployed', (name) => {
  // Creation code holds the deployed code and the constructor: under the limit it proves the smaller one.
  expect((artifact(name).bytecode.length - 2) / 2).toBeLessThan(MAX_CODE_SIZE)
})

test('compiling again does nothing', async () => {
  expect(await compile()).toBe('contracts: artifacts are up to date')
})
