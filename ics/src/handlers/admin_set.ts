import { type Hex, checksumAddress, getAddress, isAddress } from 'viem'
import { z } from 'zod'
import type { Change } from '../audit.ts'
import type { ContractName } from '../chain/abi.ts'
import { Rejected } from '../errors.ts'
import { type Setting, type SettingName, type ValueKind, settingOf } from '../governance.ts'
import { formatAmount, parseAmount } from '../money.ts'
import { type Call, type Context, type Handler, begun } from './context.ts'
import { transact } from './transact.ts'

type Set = 'governance.set'
const DAY = 86_400n
const BRAKED = ['identityRegistry', 'feePool', 'stakeManager', 'jobRegistry', 'validationModule', 'disputeModule'] as const
/** The settings that `fees.json` repeats, by its names: while the two differ, nothing is admitted. */
const FEES: Partial<Record<SettingName, 'feePct' | 'validatorPct' | 'feePoolBurnPct' | 'burnPct'>> = {
  'jobRegistry.setFeePct': 'feePct',
  'jobRegistry.setValidatorRewardPct': 'validatorPct',
  'feePool.setBurnPct': 'feePoolBurnPct',
  'stakeManager.setBurnPct': 'burnPct',
}

/** `governance.set`: changes one setting of the contracts as their owner, and records how it stood before and after. */
export const setParameter: Handler<Set> = async function* (call, context) {
  const { name, setting } = settingOf(call.params.key)
  const args = argsOf(setting.value, call.params.value)
  deployed(setting, context)
  const before = await beforeOf(call, context, setting, args)
  const record: Change = { ...recordOf(call, name), arguments: args.map(String), before: before.join(', '), after: null, tx: null }
  const fresh = call.confirm && !begun(call, context)
  if (fresh) await context.audit.write(record)
  const after = expected(setting, args)
  const stops = stopping(context, name, after)
  return yield* transact(call, context, {
    title: 'Governance',
    bullets: () => [
      `Action: ${name}`,
      `Arguments: ${JSON.stringify(args.map(String))}`,
      ...setting.views.map((view, index) => `diff ${view}: ${before[index]} → ${after[index]}`),
      ...(stops === '' ? [] : [stops]),
      `Audit trail: ${call.confirm ? context.audit.nameOf(call.key) : 'written when it is executed'}`,
    ],
    request: context.contracts.request(setting.on, setting.call, args),
    expected: { key: call.params.key, before: record.before, after: after.join(', ') },
    done: async ({ transactionHash: tx }) => {
      const now = (await stateOf(context, setting, args)).join(', ')
      await context.audit.write({ ...record, after: now, tx })
      const says = [`Updated ${name}.`, ...(stops === '' ? [] : [stops])].join(' ')
      return { outputs: { key: call.params.key, before: record.before, after: now, tx }, says }
    },
  })
}

function recordOf(call: Call<Set>, action: string) {
  const { userId: user, traceId } = call.meta
  return { key: call.key, user, traceId, action, at: new Date().toISOString() }
}

function deployed({ on }: Setting, { contracts }: Context): void {
  if (contracts.deployment.addresses[on] !== undefined) return
  throw new Rejected({ code: 'PARAM_INVALID', message: `This chain has no ${on}.`, fix: 'Choose a setting of another contract.' })
}

// Once the call is sent, the chain tells how the setting stands after it: what it was before is in the record.
async function beforeOf(call: Call<Set>, context: Context, setting: Setting, args: readonly unknown[]): Promise<string[]> {
  if (!begun(call, context)) return stateOf(context, setting, args)
  return [(await context.audit.before(call.key)) ?? 'not recorded']
}

function stopping({ fees }: Context, name: SettingName, [after]: string[]): string {
  const told = FEES[name]
  if (told === undefined || String(fees[told]) === after) return ''
  return `Admission stops (CONTRACT_DRIFT) until ${told} of config/fees.json is ${after}.`
}

/** The arguments of the contract's function. Throws Rejected (PARAM_INVALID). */
function argsOf(kind: ValueKind, value: unknown): readonly unknown[] {
  switch (kind) {
    case 'percent':
      return [BigInt(String(value))]
    case 'amount':
    case 'jobStake':
      return [parseAmount(String(value))]
    case 'duration':
      return [secondsOf(value)]
    case 'terms': {
      const { maxReward, jobStake } = value as { maxReward: string; jobStake: string }
      return [parseAmount(maxReward), parseAmount(jobStake)]
    }
    case 'address':
      return [addressOf(String(value))]
    case 'bytes32':
      return [value as Hex]
    case 'go':
      return []
  }
}

function secondsOf(value: unknown): bigint {
  if (typeof value === 'object' && value !== null) return BigInt((value as { days: number }).days) * DAY
  const digits = BigInt(/^[0-9]+/.exec(String(value))?.[0] ?? '0')
  return /d(ays?)?$/.test(String(value)) ? digits * DAY : digits
}

// Capitals are a checksum (EIP-55): where it does not hold, the address was mistyped.
function addressOf(text: string): string {
  const plain = text === text.toLowerCase() || isAddress(text)
  if (plain) return getAddress(text.toLowerCase())
  const message = `value: the checksum of ${text} does not hold.`
  throw new Rejected({ code: 'PARAM_INVALID', message, fix: `Check the address; with its checksum it may be ${checksumAddress(text.toLowerCase() as Hex)}.` })
}

/** How the setting stands on the chain, a text for each of its views. */
async function stateOf(context: Context, { on, value, views }: Setting, args: readonly unknown[]): Promise<string[]> {
  if (value === 'go') return [await brakes(context)]
  const listed = views[0]?.startsWith('additional') ? args : []
  return Promise.all(views.map(async (view) => shown(value, await read(context, on, view, listed))))
}

/** How it will stand when the call is mined. */
function expected({ call, value, views }: Setting, args: readonly unknown[]): string[] {
  if (value === 'go') return [call === 'pauseAll' ? 'all' : 'none']
  if (views[0]?.startsWith('additional')) return [String(call.startsWith('add'))]
  return args.map((arg) => shown(value, arg))
}

function read({ jobs }: Context, on: ContractName, view: string, args: readonly unknown[]): Promise<unknown> {
  return jobs.read(z.unknown(), on, view, args)
}

async function brakes(context: Context): Promise<string> {
  const paused = await Promise.all(BRAKED.map((on) => read(context, on, 'paused', [])))
  const names = BRAKED.filter((_, index) => paused[index] === true)
  return names.length === 0 ? 'none' : names.length === BRAKED.length ? 'all' : names.join(' ')
}

function shown(kind: ValueKind, value: unknown): string {
  const amount = kind === 'amount' || kind === 'jobStake' || kind === 'terms'
  return amount && typeof value === 'bigint' ? formatAmount(value) : String(value)
}
