import { type Logger, destination, pino } from 'pino'

export type Log = Logger

// What a full disk does not take is kept up to this many bytes; further lines are dropped.
const KEPT_BYTES = 1_048_576

/** JSON lines on stderr: stdout carries the one line that says where the server listens. */
export function makeLog(level: string, name = 'ics'): Log {
  const stderr = destination({ dest: 2, sync: true, maxLength: KEPT_BYTES })
  // Without a listener a line that cannot be written throws where it is logged, money under way or not.
  stderr.on('error', () => undefined)
  return pino({ name, level, timestamp: pino.stdTimeFunctions.isoTime }, stderr)
}

/** An error as a log line may hold it: viem's messages hold whole requests, call data included. */
export function briefly(error: unknown): { name: string; message: string } {
  if (!(error instanceof Error)) return { name: 'unknown', message: String(error) }
  const message = 'shortMessage' in error ? String(error.shortMessage) : error.message
  return { name: error.name, message: message.slice(0, 300) }
}
