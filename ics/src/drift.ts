/** A leaf that differs between two JSON values: its JSON Pointer and both words, undefined where a side has none. */
export type Drift = { at: string; file: unknown; code: unknown }

// Digests follow from what is beside them: only the cause is told.
const DERIVED = 'digest'

/** Every leaf in which a stored JSON value differs from the one that today's code gives, digests apart. */
export function drift(file: unknown, code: unknown, at = ''): Drift[] {
  if (!isNode(file) || !isNode(code) || Array.isArray(file) !== Array.isArray(code)) {
    return JSON.stringify(file) === JSON.stringify(code) ? [] : [{ at, file, code }]
  }
  const names = [...new Set([...Object.keys(file), ...Object.keys(code)])].filter((name) => name !== DERIVED)
  return names.flatMap((name) => drift(file[name], code[name], `${at}/${escape(name)}`))
}

/** One drift as a line: `/tools/job.post/holds: the file says "stake", the schema "escrow"`. */
export function inWords({ at, file, code }: Drift): string {
  return `${at}: the file says ${short(file)}, the schema ${short(code)}`
}

function isNode(value: unknown): value is Record<string, unknown> {
  return typeof value === 'object' && value !== null
}

function escape(name: string): string {
  return name.replaceAll('~', '~0').replaceAll('/', '~1')
}

function short(value: unknown): string {
  const text = value === undefined ? 'nothing' : JSON.stringify(value)
  return text.length > 120 ? `${text.slice(0, 120)}...` : text
}
