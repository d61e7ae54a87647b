import { z } from 'zod'
import { sha256Hex } from './canonical.ts'
import { ConfigInvalid, readJson } from './rules.ts'
import { BUILT_IN_CONFIG } from './settings.ts'

const FILE = 'moderation.json'
const WORDS_A_SHINGLE = 3
/** From this likeness on (Jaccard index of word triples) a text is said to be near another one. */
export const NEAR = 0.8

const File = z.strictObject({ bannedTerms: z.array(z.string().min(1)).min(1) })

/** What a screened text is judged and compared by. */
export type Fingerprint = { banned: string[]; fingerprint: string; shingles: Set<string> }

/** Judges texts by a list of banned terms, and fingerprints them. */
export class Moderation {
  private readonly terms: readonly string[]

  constructor(terms: readonly string[]) {
    this.terms = terms.map(normalised)
  }

  screen(text: string): Fingerprint {
    const plain = normalised(text)
    const padded = ` ${plain} `
    const banned = this.terms.filter((term) => padded.includes(` ${term} `))
    return { banned, fingerprint: sha256Hex(plain), shingles: shinglesOf(plain) }
  }
}

/**
 * Reads the banned terms; a config folder without a list has the shipped one.
 *
 * @throws ConfigInvalid when the list is broken
 */
export async function readModeration(folder: string): Promise<Moderation> {
  const body = await readJson(folder, FILE).catch((error: unknown) => missing(error) ?? readJson(BUILT_IN_CONFIG, FILE))
  const found = File.safeParse(body)
  if (!found.success) throw new ConfigInvalid(`${FILE}: ${z.prettifyError(found.error)}`)
  return new Moderation(found.data.bannedTerms)
}

/** How alike two texts are: the shared part of their shingles, 0 to 1. */
export function likeness(a: Set<string>, b: Set<string>): number {
  const [small, large] = a.size < b.size ? [a, b] : [b, a]
  const shared = [...small].filter((shingle) => large.has(shingle)).length
  const all = a.size + b.size - shared
  return all === 0 ? 1 : shared / all
}

// Rethrows what is not "no such file".
function missing(error: unknown): undefined {
  if (error instanceof Error && error.message.includes('ENOENT')) return undefined
  throw error
}

// Compatibility forms and case are folded, so that full-width or capital letters hide nothing.
function normalised(text: string): string {
  return text.normalize('NFKC').toLowerCase().match(/[\p{L}\p{N}]+/gu)?.join(' ') ?? ''
}

function shinglesOf(plain: string): Set<string> {
  const words = plain.split(' ')
  if (words.length < WORDS_A_SHINGLE) return new Set([plain])
  const starts = words.slice(0, words.length - WORDS_A_SHINGLE + 1)
  return new Set(starts.map((_, index) => words.slice(index, index + WORDS_A_SHINGLE).join(' ')))
}
