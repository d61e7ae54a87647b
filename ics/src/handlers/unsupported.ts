import { Rejected } from '../errors.ts'
import type { Tool } from '../schema.ts'
import type { Result } from '../status.ts'
import type { Call } from './context.ts'

/** A tool whose row exists and whose handler does not: always refused. */
export async function* unsupported(_call: Call<Tool>): AsyncGenerator<string, Result> {
  const message = `This intent is not built yet.`
  throw new Rejected({ code: 'NOT_YET_SUPPORTED', message, fix: 'Use one of the supported tools.' })
}
