import { z } from 'zod'
import { FaucetLocalOnly, faucet } from '../chain/faucet.ts'
import { waitForHeight } from '../chain/height.ts'
import { Meta } from '../schema.ts'
import type { World } from '../world.ts'
import { readObject } from './body.ts'
import { Problem } from './problem.ts'

const Body = z.strictObject({ userId: Meta.shape.userId })

/** `POST /faucet`: funds a user's signer once; the local chain only. */
export async function postFaucet(world: World, request: Request) {
  const body = Body.safeParse(await readObject(request))
  if (!body.success) throw new Problem(422, 'INTENT_INVALID', 'the body must be {userId}', '/userId')
  await world.open()
  const { settings, local, deployment, chain } = world
  try {
    const given = await faucet({ rpc: settings.rpcUrl, local, deployment, userId: body.data.userId })
    const { heightFile } = settings
    if (heightFile !== undefined) await waitForHeight(heightFile, Number(await chain.getBlockNumber()))
    const sent = [given, ...(given.account === null ? [] : [given.account])].flatMap(({ eth, tokens }) => [eth, tokens])
    return { address: given.address, account: given.account?.address ?? null, txes: sent.filter((hash) => hash !== null) }
  } catch (error) {
    if (error instanceof FaucetLocalOnly) throw new Problem(404, error.code, 'there is a faucet on the local chain only')
    throw error
  }
}
