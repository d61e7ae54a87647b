import { z } from 'zod'
import type { ContractName } from './chain/abi.ts'
import { Address, Bytes32 } from './fields.ts'

const text = (pattern: string) => z.string().regex(new RegExp(`^${pattern}$(?!\\n)`))
const tokens = (digits: number) => text(`(0|[1-9][0-9]{0,${digits}})(\\.[0-9]{1,18})?`)
const Tokens = tokens(29)
// The chain counts a job's stake in 96 bits: 10^10 tokens fit, 10^11 do not.
const JobStake = tokens(9)

/** How the value of a setting is written; the descriptions are what a wrong value is answered with. */
export const VALUES = {
  percent: z.union([z.int().min(0).max(100), text('(0|[1-9][0-9]?|100)')]).describe('a whole percent from 0 to 100, such as 5'),
  amount: Tokens.describe('decimal AGIALPHA without a unit, such as 25.5'),
  jobStake: JobStake.describe('decimal AGIALPHA without a unit, such as 1.5'),
  duration: z
    .union([z.int().min(0).max(10 ** 9), text('(0|[1-9][0-9]{0,8})(s| ?seconds?)?'), text('[1-9][0-9]{0,4} ?(d|days?)'), z.strictObject({ days: z.int().min(1).max(10_000) })])
    .describe('seconds, such as 604800, or days, such as 7d or {"days": 7}'),
  terms: z.strictObject({ maxReward: Tokens, jobStake: JobStake }).describe('{"maxReward", "jobStake"} in decimal AGIALPHA'),
  address: Address.describe('an address: 0x and 40 hex digits'),
  bytes32: Bytes32.describe('32 bytes: 0x and 64 hex digits'),
  go: z.union([z.literal(true), z.literal('true')]).describe('true: it takes no value of its own'),
} as const
export type ValueKind = keyof typeof VALUES

/** One setting of the contracts: the call that changes it, how its value is written, and the views that tell how it stands. */
export type Setting = { on: ContractName; call: string; value: ValueKind; views: readonly string[] }

const own = (on: ContractName, call: string, value: ValueKind, ...views: string[]): Setting => ({ on, call, value, views })
const identity = (call: string, value: ValueKind, view: string) => own('identityRegistry', call, value, view)

/** What governance may set, by `contract.function` (domain.md 5.4). Amounts are decimal AGIALPHA, durations seconds or days. */
export const SETTINGS = {
  'stakeManager.setMinStake': own('stakeManager', 'setMinStake', 'amount', 'minStake'),
  'stakeManager.setFeePct': own('stakeManager', 'setFeePct', 'percent', 'feePct'),
  'stakeManager.setBurnPct': own('stakeManager', 'setBurnPct', 'percent', 'burnPct'),
  'stakeManager.setValidatorRewardPct': own('stakeManager', 'setValidatorRewardPct', 'percent', 'validatorRewardPct'),
  'stakeManager.setTreasury': own('stakeManager', 'setTreasury', 'address', 'treasury'),
  'jobRegistry.setFeePct': own('jobRegistry', 'setFeePct', 'percent', 'feePct'),
  'jobRegistry.setJobStake': own('jobRegistry', 'setJobStake', 'jobStake', 'jobStake'),
  'jobRegistry.setMaxJobReward': own('jobRegistry', 'setMaxJobReward', 'amount', 'maxJobReward'),
  'jobRegistry.setJobDurationLimit': own('jobRegistry', 'setJobDurationLimit', 'duration', 'maxJobDuration'),
  'jobRegistry.setJobParameters': own('jobRegistry', 'setJobParameters', 'terms', 'maxJobReward', 'jobStake'),
  'jobRegistry.setValidatorRewardPct': own('jobRegistry', 'setValidatorRewardPct', 'percent', 'validatorRewardPct'),
  'feePool.setBurnPct': own('feePool', 'setBurnPct', 'percent', 'burnPct'),
  'feePool.setTreasury': own('feePool', 'setTreasury', 'address', 'treasury'),
  'systemPause.pauseAll': own('systemPause', 'pauseAll', 'go', 'paused'),
  'systemPause.unpauseAll': own('systemPause', 'unpauseAll', 'go', 'paused'),
  'identityRegistry.setAgentRootNode': identity('setAgentRootNode', 'bytes32', 'agentRootNode'),
  'identityRegistry.setClubRootNode': identity('setClubRootNode', 'bytes32', 'clubRootNode'),
  'identityRegistry.setAgentMerkleRoot': identity('setAgentMerkleRoot', 'bytes32', 'agentMerkleRoot'),
  'identityRegistry.setValidatorMerkleRoot': identity('setValidatorMerkleRoot', 'bytes32', 'validatorMerkleRoot'),
  'identityRegistry.setENS': identity('setENS', 'address', 'ens'),
  'identityRegistry.setNameWrapper': identity('setNameWrapper', 'address', 'nameWrapper'),
  'identityRegistry.addAdditionalAgent': identity('addAdditionalAgent', 'address', 'additionalAgents'),
  'identityRegistry.removeAdditionalAgent': identity('removeAdditionalAgent', 'address', 'additionalAgents'),
  'identityRegistry.addAdditionalValidator': identity('addAdditionalValidator', 'address', 'additionalValidators'),
  'identityRegistry.removeAdditionalValidator': identity('removeAdditionalValidator', 'address', 'additionalValidators'),
} as const satisfies Record<string, Setting>
export type SettingName = keyof typeof SETTINGS

/** Short keys, each for the one setting that it can mean; `feePct` is the job registry's, which jobs pay. */
export const ALIASES = {
  feePct: 'jobRegistry.setFeePct',
  minStake: 'stakeManager.setMinStake',
  jobStake: 'jobRegistry.setJobStake',
  maxJobReward: 'jobRegistry.setMaxJobReward',
  jobDurationLimit: 'jobRegistry.setJobDurationLimit',
  jobParameters: 'jobRegistry.setJobParameters',
  pauseAll: 'systemPause.pauseAll',
  unpauseAll: 'systemPause.unpauseAll',
  agentRootNode: 'identityRegistry.setAgentRootNode',
  clubRootNode: 'identityRegistry.setClubRootNode',
  agentMerkleRoot: 'identityRegistry.setAgentMerkleRoot',
  validatorMerkleRoot: 'identityRegistry.setValidatorMerkleRoot',
  ens: 'identityRegistry.setENS',
  nameWrapper: 'identityRegistry.setNameWrapper',
  addAdditionalAgent: 'identityRegistry.addAdditionalAgent',
  removeAdditionalAgent: 'identityRegistry.removeAdditionalAgent',
  addAdditionalValidator: 'identityRegistry.addAdditionalValidator',
  removeAdditionalValidator: 'identityRegistry.removeAdditionalValidator',
} as const satisfies Record<string, SettingName>
export type Key = SettingName | keyof typeof ALIASES

const KEYS = [...Object.keys(SETTINGS), ...Object.keys(ALIASES)] as [Key, ...Key[]]
const Keys = z.enum(KEYS).describe(`contract.function, or short for it: ${shorts()}`)

/** The setting that a key names. */
export function settingOf(key: Key): { name: SettingName; setting: Setting } {
  const name = key in SETTINGS ? (key as SettingName) : ALIASES[key as keyof typeof ALIASES]
  return { name, setting: SETTINGS[name] }
}

/** Params of `governance.set`. zod checks a value by its key; the JSON Schema says the same with a condition a kind of value. */
export const Change = z
  .strictObject({ key: Keys, value: z.json() })
  .superRefine(({ key, value }, found) => {
    const kind = VALUES[settingOf(key).setting.value]
    if (!kind.safeParse(value).success) found.addIssue({ code: 'custom', path: ['value'], message: `must be ${kind.description}` })
  })
  .meta({ allOf: (Object.keys(VALUES) as ValueKind[]).map(condition) })

function condition(kind: ValueKind) {
  const { $schema, ...then } = z.toJSONSchema(VALUES[kind], { target: 'draft-2020-12', io: 'input' })
  const keys = KEYS.filter((key) => settingOf(key).setting.value === kind)
  return { if: { properties: { key: { enum: keys } }, required: ['key'] }, then: { properties: { value: then } } }
}

function shorts(): string {
  return Object.entries(ALIASES).map(([short, name]) => `${short} = ${name}`).join(', ')
}
