import { ChainRefused } from '../access/guard.ts'

/** A request that ICS does not take in: nothing was started. `pointer` is a JSON Pointer into the body. */
export class Problem extends Error {
  override name = 'Problem'
  constructor(
    readonly status: 400 | 401 | 404 | 409 | 422 | 503,
    readonly code: string,
    message: string,
    readonly pointer?: string,
  ) {
    super(message)
  }
}

/** The JSON answer of an error; undefined for one that is no fault of the request or the chain. */
export function answerOf(error: unknown): Response | undefined {
  if (error instanceof ChainRefused) return json(503, { code: error.code, message: error.message, part: 'chain' }, { 'Retry-After': '2' })
  if (!(error instanceof Problem)) return undefined
  const { status, code, message, pointer } = error
  return json(status, { code, message, ...(pointer !== undefined && { pointer }) })
}

/** A JSON answer. */
export function json(status: number, body: unknown, headers: Record<string, string> = {}): Response {
  return new Response(JSON.stringify(body), { status, headers: { 'Content-Type': 'application/json', ...headers } })
}
