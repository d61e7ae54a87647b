import type { Context } from './context.ts'

/** The percents that the chain takes, as it says itself. */
export type Terms = { feePct: number; burnPct: number }

export async function termsOf({ jobs }: Context): Promise<Terms> {
  const [feePct, burnPct] = await Promise.all([jobs.number('jobRegistry', 'feePct'), jobs.number('stakeManager', 'burnPct')])
  return { feePct, burnPct }
}

/** The two fee lines of a preview. */
export function feeBullets({ feePct, burnPct }: Terms): string[] {
  return [`Fee pct: ${feePct}%`, `Burn pct: ${burnPct}%`]
}
