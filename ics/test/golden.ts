import { readFileSync } from 'node:fs'
import { fileURLToPath } from 'node:url'
import { expect } from 'vitest'

const FOLDER = fileURLToPath(new URL('../../tests/data/transcripts', import.meta.url))
// What differs between two runs, each with the form of what it stands for; pytest reads the same file.
const PLACEHOLDERS = Object.entries(JSON.parse(readFileSync(`${FOLDER}/placeholders.json`, 'utf8')) as Record<string, string>)

/** A call's lines and how it ended. */
export type Said = { text: string; outcome: string; code?: string | undefined }

/** Masks what differs between runs, in the order of the file. */
export function masked(text: string): string {
  return PLACEHOLDERS.reduce((said, [name, form]) => said.replace(new RegExp(form, 'g'), `{${name}}`), text)
}

/**
 * Compares what a call said, byte for byte, with the transcript of this name, which pytest compares with as well; and
 * how it ended with what the name says: `<intent>/<outcome>[.<CODE>][.<note>]`. `vitest -u` writes the text anew.
 */
export async function golden(name: string, { text, outcome, code }: Said): Promise<void> {
  const [, ended = '', ...rest] = name.split(/[/.]/)
  const [wanted] = rest.filter((part) => /^[A-Z]/.test(part))
  expect({ outcome, code }).toEqual({ outcome: ended, code: wanted })
  await expect(masked(text)).toMatchFileSnapshot(`${FOLDER}/${name}.txt`)
}
