/** One newline-ended line; what a caller wrote cannot break it into two. */
export function line(text: string): string {
  return `${text.replace(/\p{Cc}+/gu, ' ')}\n`
}

/** A title of the stream grammar with its bullets, as one chunk. */
export function block(title: string, bullets: readonly string[]): string {
  return line(title) + bullets.map((bullet) => line(`• ${bullet}`)).join('')
}

/** The last line of every dry run. */
export const DRY_RUN_DONE = line('🧪 Dry-run completed. Set confirm=true to execute.')

/** A second of unix time as RFC 3339 text. */
export function instant(seconds: number): string {
  return new Date(seconds * 1000).toISOString().replace('.000Z', 'Z')
}
