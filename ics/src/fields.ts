import { z } from 'zod'

const UINT256 = 2n ** 256n

// Both anchors are strict: Python's `$` alone would let a trailing newline pass.
const whole = (pattern: string) => new RegExp(`^${pattern}$(?!\\n)`)

/** Decimal AGIALPHA above 0 by the one grammar of amounts (reliability.md M10). */
export const Amount = z
  .string()
  .regex(whole('(?!0(\\.0+)?$)(0|[1-9][0-9]{0,29})(\\.[0-9]{1,18})?'), 'must be decimal text above 0, such as 50 or 1.005')
/** Decimal text of an output; 0 is allowed there. */
export const Units = z.string().regex(whole('(0|[1-9][0-9]{0,77})(\\.[0-9]{1,18})?'))
/** A job's number as text, without leading zeros. */
export const JobId = z
  .string()
  .regex(whole('[1-9][0-9]{0,77}'), 'must be a job number in digits')
  .refine((text) => !/^[0-9]{1,78}$/.test(text) || BigInt(text) < UINT256, 'must be below 2^256')
/** 32 bytes as 0x and 64 hex digits. */
export const Bytes32 = z.string().regex(whole('0x[0-9a-fA-F]{64}'), 'must be 0x and 64 hex digits')
/** An address as 0x and 40 hex digits. */
export const Address = z.string().regex(whole('0x[0-9a-fA-F]{40}'))
/** The label of an ENS name alone ("alice"), with a Merkle proof where the registry wants one. */
export const Ens = z.strictObject({
  subdomain: z.string().regex(whole('[a-z0-9]([a-z0-9-]{0,61}[a-z0-9])?'), 'must be the label alone, such as alice'),
  proof: z.array(Bytes32).max(64).optional(),
})
/** A reference to bytes stored elsewhere; they are never uploaded. */
export const Attachment = z.strictObject({
  name: z.string().min(1).max(255),
  cid: z.string().max(255).optional(),
  size: z.int().min(0).optional(),
})
export const Attachments = z.array(Attachment).max(100)
/** Any JSON object. */
export const Json = z.record(z.string(), z.unknown())
export const Uri = z.string().min(1).max(2048)
export const UnixSeconds = z.int().min(0)
export const StakeRole = z.enum(['agent', 'validator', 'platform'])
/** Tokens that reached somebody: checksummed address, decimal amount. */
export const Payout = z.strictObject({ to: Address, amount: Units, role: z.string() })
/** The roads of a transaction and their other names; which of them a chain has, it says in `GET /contract`. */
export const TxMode = z.enum([
  'aa',
  'account-abstraction',
  'account_abstraction',
  '4337',
  'relayer',
  '2771',
  'meta-tx',
  'meta_tx',
  'direct',
  'raw',
])
