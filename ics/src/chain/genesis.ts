import { readFileSync, renameSync, writeFileSync } from 'node:fs'
import { z } from 'zod'

// Numbers are hex text in an anvil state; whatever else a block holds passes through untouched.
const Block = z.looseObject({ header: z.looseObject({ number: z.coerce.number(), timestamp: z.coerce.number() }) })
const State = z.looseObject({ blocks: z.array(z.unknown()) })

/**
 * Leaves one block 0 in a saved state: the oldest.
 *
 * anvil makes a genesis of its own at each start and saves it beside the loaded one. With several in the file it
 * is chance which one the next start answers with, and another genesis is another chain to us.
 *
 * @param stateFile an anvil state; the caller knows that nobody writes it meanwhile
 */
export function keepOneGenesis(stateFile: string): void {
  const state = State.parse(JSON.parse(readFileSync(stateFile, 'utf8')))
  const made = state.blocks.map(genesisTime).filter((time) => time !== undefined)
  if (made.length < 2) return
  const oldest = Math.min(...made)
  const blocks = state.blocks.filter((block) => (genesisTime(block) ?? oldest) === oldest)
  writeFileSync(`${stateFile}.one`, JSON.stringify({ ...state, blocks }), { flush: true })
  renameSync(`${stateFile}.one`, stateFile)
}

/** Seconds at which a block 0 was made; undefined for any other block. */
function genesisTime(block: unknown): number | undefined {
  const found = Block.safeParse(block)
  return found.success && found.data.header.number === 0 ? found.data.header.timestamp : undefined
}
