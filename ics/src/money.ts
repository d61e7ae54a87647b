const DECIMALS = 18
const GRAMMAR = /^(0|[1-9][0-9]{0,29})(\.[0-9]{1,18})?$/

/** Text is not an amount: reliability.md M10. */
export class AmountInvalid extends Error {
  override name = 'AmountInvalid'
}

/**
 * Base units (10^-18) of decimal text.
 *
 * @throws AmountInvalid unless the text follows the one grammar of amounts
 */
export function parseAmount(text: string): bigint {
  if (!GRAMMAR.test(text)) throw new AmountInvalid(`not an amount: ${text.slice(0, 60)}`)
  const [whole = '0', fraction = ''] = text.split('.')
  return BigInt(whole) * 10n ** BigInt(DECIMALS) + BigInt(fraction.padEnd(DECIMALS, '0'))
}

/** Decimal text of base units with 2 to 18 decimals, never rounded; a debt keeps its sign. */
export function formatAmount(units: bigint): string {
  const digits = (units < 0n ? -units : units).toString().padStart(DECIMALS + 1, '0')
  const fraction = digits.slice(-DECIMALS).replace(/0+$/, '').padEnd(2, '0')
  return `${units < 0n ? '-' : ''}${digits.slice(0, -DECIMALS)}.${fraction}`
}

/** `pct` percent of `units`, floored as the chain does it. */
export function feeOf(units: bigint, pct: number): bigint {
  return (units * BigInt(pct)) / 100n
}

/** What posting a job with this reward takes: reward + fee, in base units. */
export function escrowOf(units: bigint, pct: number): bigint {
  return units + feeOf(units, pct)
}
