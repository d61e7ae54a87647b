import { failureLine } from '../errors.ts'
import { block, line } from '../lines.ts'
import type { Failure, Json, Receipt, Result } from '../status.ts'

/** What one look at the world found. */
export type Look = { wait: string } | { failure: Failure } | { found: Json; says: string }

/** Tells a look. Lines that the transcript holds already are dropped by the engine, so only changes are heard. */
export async function* tell(title: string, bullets: string[], look: Look, receipt: Receipt): AsyncGenerator<string, Result> {
  yield block(`🔍 ${title}`, bullets)
  if ('wait' in look) {
    yield line(`• Waiting for: ${look.wait}`)
    return { outcome: 'waiting', waitingFor: look.wait }
  }
  if ('failure' in look) {
    yield line(failureLine(look.failure))
    return { outcome: 'failed', error: look.failure, receipt }
  }
  yield line(`✅ ${look.says}`)
  return { outcome: 'executed', outputs: look.found, receipt }
}
