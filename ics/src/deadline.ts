/** Seconds. */
export const DAY = 86_400
// A job at the chain's limit would be too long by the seconds between plan and block.
const MARGIN = 60

/** The instant that whole days become; all in unix seconds or seconds, `longest` is what the chain allows. */
export function deadlineAfter(now: number, days: number, longest: number): number {
  const seconds = days * DAY
  return now + seconds - (seconds === longest ? MARGIN : 0)
}
