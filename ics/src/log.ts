import { type Logger, destination, pino } from 'pino'

export type Log = Logger

/** JSON lines on stderr: stdout carries the one line that says where the server listens. */
export function makeLog(level: string): Log {
  return pino({ name: 'ics', level, timestamp: pino.stdTimeFunctions.isoTime }, destination({ dest: 2, sync: true }))
}
