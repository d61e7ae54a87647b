const LOCAL_CHAIN = 31_337

/** Seconds until the next look at something that has been waited for this long: 1 to 60, at most 2 on the local chain. */
export function retryAfter(ageMs: number, chainId: number): number {
  const longest = chainId === LOCAL_CHAIN ? 2 : 60
  return Math.min(longest, Math.max(1, Math.floor(ageMs / 20_000)))
}

/** Milliseconds before a handler that broke off with transactions out is entered again. */
export function backOff(tries: number): number {
  return Math.min(30_000, 250 * 2 ** tries)
}
