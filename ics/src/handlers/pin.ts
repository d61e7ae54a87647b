import { keccak256 } from 'viem'
import { DRY_RUN_DONE, line } from '../lines.ts'
import type { Handler } from './context.ts'

/** `ipfs.pin`: stores the specification, with references to its attachments, under its CID. */
export const pinSpec: Handler<'ipfs.pin'> = async function* ({ params, confirm }, { pins }) {
  const { spec, attachments } = params
  const whole = attachments === undefined ? spec : { ...spec, attachments }
  const { bytes, cid, uri } = confirm ? await pins.keep(whole) : await pins.pack(whole)
  const outputs = { uri, cid, specHash: keccak256(bytes) }
  yield line(`📦 Packaging job spec → ${uri}`)
  if (!confirm) {
    yield DRY_RUN_DONE
    return { outcome: 'dry_run', outputs }
  }
  yield line('✅ Job spec pinned.')
  return { outcome: 'executed', outputs, receipt: { txes: [], cids: [cid], payouts: [] } }
}
