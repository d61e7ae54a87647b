import type { Rehearsal } from '../access/rehearsal.ts'
import { TOOLS, type Meta, type Tool } from '../schema.ts'
import type { Json } from '../status.ts'

/** What a handler is called with, before its tool's types are known. */
export type AnyCall = { key: string; tool: Tool; params: Json; meta: Meta; planId: string | null; since: number } & Way
/** A dry call is rehearsed on a state of its own. */
type Way = { confirm: true } | { confirm: false; on: Rehearsal }

/** What every log line of a call carries; a dry run belongs to no run and names no plan. */
export function whoOf({ key, tool, meta, planId }: { key: string; tool: Tool; meta: Meta; planId: string | null }) {
  const run = planId === null ? {} : { run_id: key.split(':')[0], plan_id: planId }
  return { key, ...run, tool, intent: TOOLS[tool].intent, user: meta.userId, trace_id: meta.traceId }
}

/** Keys of child runs carry the root's id, so that a replay is not compared with its own first try. */
export function rootOf(key: string): string {
  return (key.split(':')[0] ?? '').replace(/~[0-9]+$/, '')
}
