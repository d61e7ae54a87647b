import { Rejected } from '../errors.ts'
import type { SpecRow } from '../journal/specs.ts'
import { DRY_RUN_DONE, block, line } from '../lines.ts'
import { NEAR, likeness } from '../moderation.ts'
import type { Call, Context, Handler } from './context.ts'

/** `safety.moderation`: banned terms reject; a near-duplicate of another run's specification is a warning. */
export const screen: Handler<'safety.moderation'> = async function* (call, context) {
  const { title = null, description, attachments = [] } = call.params
  const text = [title ?? '', description, ...attachments.map(({ name }) => name)].join('\n')
  const { banned, fingerprint, shingles } = context.moderation.screen(text)
  if (banned.length > 0) throw new Rejected(refusal(banned))
  const warnings = context.journal.specs.ofOthers(call.root).flatMap((spec) => warning(spec, shingles, context))
  yield block('🔍 Moderation and plagiarism screening', ['Banned terms: none', ...warnings])
  const outputs = { warnings, fingerprint }
  if (!call.confirm) {
    yield DRY_RUN_DONE
    return { outcome: 'dry_run', outputs }
  }
  remember(call, context, { title, fingerprint, shingles })
  yield line('✅ Screening passed.')
  return { outcome: 'executed', outputs, receipt: { txes: [], cids: [], payouts: [] } }
}

function refusal(banned: string[]) {
  const words = banned.map((term) => `"${term}"`).join(', ')
  return { code: 'MODERATION_REJECTED', message: `The text holds banned terms: ${words}.`, fix: 'Describe the work without them.' }
}

function warning(spec: SpecRow, shingles: Set<string>, { journal }: Context): string[] {
  const alike = likeness(spec.shingles, shingles)
  if (alike < NEAR) return []
  const jobId = journal.intents.jobOf(spec.root)
  const where = jobId === undefined ? `specification ${spec.fingerprint.slice(0, 12)}` : `job #${jobId}`
  const title = spec.title === null ? '' : ` "${spec.title}"`
  return [`Near-duplicate (${Math.floor(alike * 100)}% alike) of ${where}${title}`]
}

type Screened = { title: string | null; fingerprint: string; shingles: Set<string> }

function remember({ key, root }: Call<'safety.moderation'>, { journal }: Context, screened: Screened): void {
  if (root !== null) journal.specs.add({ key, root, ...screened })
}
