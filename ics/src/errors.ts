import { AGAIN, EXPLAINED, TEXTS, TOP_UP } from './explained.ts'
import type { Failure } from './status.ts'

/**
 * The failure that a custom error of the contracts stands for: a code of the catalogue, a sentence, a way out.
 *
 * @param name the error's name, `Error` for a text
 */
export function failureOf(name: string, args: readonly unknown[]): Failure {
  if (name === 'Error') return ofText(String(args[0]))
  if (name === 'Panic') return { code: 'UNKNOWN_REVERT', message: `The contract panicked (${String(args[0])}).`, fix: AGAIN }
  const known = EXPLAINED[name]
  const code = codeOf(name)
  return { code, message: known?.say(args) ?? `The contract refused: ${inWords(name)}.`, fix: known?.fix ?? AGAIN }
}

/** The code of the catalogue that a custom error has. */
export function codeOf(name: string): string {
  return EXPLAINED[name]?.code ?? upperSnake(name)
}

function ofText(text: string): Failure {
  const { code = 'UNKNOWN_REVERT', say, fix } = TEXTS[text] ?? { say: () => `The chain refused: ${text}.`, fix: AGAIN }
  return { code, message: say([]), fix }
}

/** A revert that nothing explains. */
export const UNKNOWN_REVERT: Failure = { code: 'UNKNOWN_REVERT', message: 'The chain refused without a reason.', fix: AGAIN }

/** The signer cannot pay for gas. */
export const NO_GAS_MONEY: Failure = {
  code: 'INSUFFICIENT_BALANCE',
  message: 'The signer has not enough ETH to pay for gas.',
  fix: TOP_UP,
}

/** The handler's call was refused for a reason known beforehand; becomes one ❌ line and `rejected`. */
export class Rejected extends Error {
  override name = 'Rejected'
  constructor(readonly failure: Failure) {
    super(failure.message)
  }
}

/** The line that tells a failure: code and sentence, never call data. */
export function failureLine({ code, message }: Failure): string {
  return `❌ ${code}: ${message}`
}

/** `NotAuthorizedAgent` to `NOT_AUTHORIZED_AGENT`. */
export function upperSnake(name: string): string {
  return name.replace(/([a-z0-9])([A-Z])|([A-Z]+)([A-Z][a-z])/g, '$1$3_$2$4').toUpperCase()
}

function inWords(name: string): string {
  return upperSnake(name).toLowerCase().replaceAll('_', ' ')
}
