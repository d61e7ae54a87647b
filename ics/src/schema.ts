import { z } from 'zod'
import { Address, Amount, Attachments, Bytes32, Ens, JobId, Json, Payout, StakeRole, TxMode, UnixSeconds, Units, Uri } from './fields.ts'
import { Change } from './governance.ts'

/** Who acts, under which trace, by which road. */
export const Meta = z.strictObject({
  userId: z.string().regex(/^[A-Za-z0-9_.@-]{1,64}$(?!\n)/),
  traceId: z.guid(),
  txMode: TxMode.optional(),
})
export type Meta = z.infer<typeof Meta>
export type TxMode = z.infer<typeof TxMode>

type Effect = 'pure' | 'idempotent' | 'money' | 'wait'
type Row<P extends z.ZodType, O extends z.ZodType> = {
  intent: string
  /** The one that this tool stands for, where an intent has several. */
  variant: string | null
  kind: 'pin' | 'chain' | 'fetch' | 'validate' | 'finalize'
  /** What a repeat may do. */
  effect: Effect
  /** The role beyond operator that it needs. */
  role: 'governance' | null
  /** False until its handler is built. */
  supported: boolean
  /** What it takes out of the daily budget. */
  holds: 'escrow' | 'stake' | 'dispute' | null
  params: P
  outputs: O
}

const row = <P extends z.ZodType, O extends z.ZodType>(given: Row<P, O>) => given
const money = { kind: 'chain', effect: 'money', variant: null, role: null, supported: true, holds: null } as const
const wait = { effect: 'wait', variant: null, role: null, supported: true, holds: null } as const

const job = { jobId: JobId }
const sent = z.strictObject({ jobId: JobId, tx: Bytes32 })
const Payouts = z.array(Payout).describe('payouts + fee + burnt = escrow + slashed')
const home = z.strictObject({ ...job, returned: Units, to: Address, payouts: Payouts, slashed: Units, tx: Bytes32 })
const stake = z.strictObject({ stake: z.strictObject({ amountAGIA: Amount, role: StakeRole }) })
const staked = z.strictObject({ amount: Units, role: StakeRole, tx: Bytes32 })
const vote = { ...job, approve: z.boolean(), ens: Ens.optional() }
const counted = { ...job, success: z.boolean() }

const NewJob = z.strictObject({
  rewardAGIA: Amount,
  deadline: z.int().min(1).max(3650).describe('whole days'),
  title: z.string().min(1).max(200),
  deadlineAt: UnixSeconds.optional().describe('unix seconds; fixed at admission, required with confirm: true'),
  uri: Uri,
  specHash: Bytes32,
})
// zod exports no refinements: meta says the same in JSON Schema.
const Result = z
  .strictObject({ payload: Json.optional(), uri: Uri.optional(), hash: Bytes32.optional() })
  .refine((result) => result.payload !== undefined || result.uri !== undefined, 'payload or uri is needed')
  .meta({ anyOf: [{ required: ['payload'] }, { required: ['uri'] }] })
const Evidence = z
  .string()
  .min(1)
  .max(2048)
  .describe('32 bytes (0x and 64 hex digits) that stand for documents; other text is the reason where none is given, else hashed')
const Dispute = z
  .strictObject({ ...job, reason: z.string().min(1).max(1000).optional(), evidence: Evidence.optional() })
  .refine((params) => params.reason !== undefined || params.evidence !== undefined, 'reason or evidence is needed')
  .meta({ anyOf: [{ required: ['reason'] }, { required: ['evidence'] }] })

/** The tool table: one row a tool. The only definition of what ICS takes and gives. */
export const TOOLS = {
  'safety.moderation': row({
    ...{ intent: 'screen', variant: null, kind: 'validate', effect: 'pure', role: null, supported: true, holds: null },
    params: z.strictObject({
      title: z.string().min(1).max(200).optional(),
      description: z.string().min(1).max(100_000),
      attachments: Attachments.optional(),
    }),
    outputs: z.strictObject({ warnings: z.array(z.string()), fingerprint: z.string() }),
  }),
  'ipfs.pin': row({
    ...{ intent: 'pin', variant: null, kind: 'pin', effect: 'idempotent', role: null, supported: true, holds: null },
    params: z.strictObject({ spec: Json, attachments: Attachments.optional() }),
    outputs: z.strictObject({ uri: Uri, cid: z.string(), specHash: Bytes32 }),
  }),
  'job.post': row({
    ...{ ...money, intent: 'create_job', holds: 'escrow' },
    params: z.strictObject({ job: NewJob }),
    outputs: z.strictObject({ jobId: JobId, tx: Bytes32, escrow: Units, reward: Units, fee: Units }),
  }),
  'job.collect': row({
    ...{ ...wait, intent: 'await_submission', kind: 'fetch' },
    params: z.strictObject(job),
    outputs: z.strictObject({ ...job, agent: Address, resultURI: z.string(), resultHash: Bytes32 }),
  }),
  'validator.quorum': row({
    ...{ ...wait, intent: 'await_quorum', kind: 'validate' },
    params: z.strictObject(job),
    outputs: z.strictObject({ ...counted, approvals: z.int(), rejections: z.int() }),
  }),
  'job.finalize': row({
    ...{ ...money, intent: 'finalize', kind: 'finalize' },
    params: z.strictObject(counted),
    outputs: z.strictObject({ ...counted, payouts: Payouts, fee: Units, burnt: Units, slashed: Units, tx: Bytes32 }),
  }),
  'job.cancel': row({
    ...{ ...money, intent: 'cancel_job', variant: 'cancel' },
    params: z.strictObject({ ...job, mode: z.literal('cancel') }),
    outputs: home,
  }),
  'job.reclaim': row({
    ...{ ...money, intent: 'cancel_job', variant: 'reclaim' },
    params: z.strictObject({ ...job, mode: z.literal('reclaim') }),
    outputs: home,
  }),
  'job.apply': row({ ...money, intent: 'apply_job', params: z.strictObject({ ...job, ens: Ens }), outputs: sent }),
  'job.submit': row({
    ...{ ...money, intent: 'submit_work' },
    params: z.strictObject({ ...job, result: Result, ens: Ens }),
    outputs: z.strictObject({ ...job, uri: Uri, resultHash: Bytes32, tx: Bytes32 }),
  }),
  'validator.turn': row({
    ...{ ...wait, intent: 'await_turn', kind: 'fetch' },
    params: z.strictObject({ ...job, stage: z.enum(['commit', 'reveal']), ens: Ens.optional() }),
    outputs: z.strictObject({ ...job, stage: z.enum(['commit', 'reveal']), validator: Address, until: UnixSeconds }),
  }),
  'validator.commit': row({
    ...{ ...money, intent: 'validate', variant: 'commit' },
    params: z.strictObject({ ...vote, stage: z.literal('commit') }),
    outputs: sent,
  }),
  'validator.reveal': row({
    ...{ ...money, intent: 'validate', variant: 'reveal' },
    params: z.strictObject({ ...vote, stage: z.literal('reveal') }),
    outputs: sent,
  }),
  'validator.dispute': row({
    ...{ ...money, intent: 'dispute', holds: 'dispute' },
    params: Dispute,
    outputs: z.strictObject({ ...job, fee: Units, evidenceHash: Bytes32.optional(), tx: Bytes32 }),
  }),
  'stake.deposit': row({ ...money, intent: 'stake', holds: 'stake', params: stake, outputs: staked }),
  'stake.withdraw': row({ ...money, intent: 'withdraw', params: stake, outputs: staked }),
  'governance.set': row({
    ...{ ...money, intent: 'admin_set', role: 'governance' },
    params: Change,
    outputs: z.strictObject({ key: z.string(), before: z.string(), after: z.string(), tx: Bytes32 }),
  }),
} satisfies Record<string, Row<z.ZodType, z.ZodType>>

export type Tool = keyof typeof TOOLS
export type Params<T extends Tool> = z.infer<(typeof TOOLS)[T]['params']>
/** The params of the field that tells the variants of an intent apart. */
export const VARIANT_FIELDS: Record<string, string> = { validate: 'stage', cancel_job: 'mode' }

/** The body of `POST /intents` before its params are known to fit. */
export const Envelope = z.strictObject({ intent: z.string(), params: Json, confirm: z.boolean(), meta: Meta })
export type Envelope = z.infer<typeof Envelope>
