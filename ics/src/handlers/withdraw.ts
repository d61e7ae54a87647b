import { type Address, getAddress } from 'viem'
import { z } from 'zod'
import { Rejected } from '../errors.ts'
import { formatAmount, parseAmount } from '../money.ts'
import type { Result } from '../status.ts'
import type { Context, Handler } from './context.ts'
import { eventOf } from './events.ts'
import { ROLES } from './stake.ts'
import { transact } from './transact.ts'

const Withdrawn = z.object({ user: z.string().transform((text) => getAddress(text)), amount: z.bigint() })
// Refusals that the figures of the stake explain.
const OF_STAKE = ['NO_STAKE', 'INSUFFICIENT_STAKE', 'INSUFFICIENT_LOCKED', 'BELOW_MINIMUM_STAKE']

/** `stake.withdraw`: returns stake that no job locks to its signer, at once. */
export const withdrawStake: Handler<'stake.withdraw'> = async function* (call, context) {
  const { amountAGIA, role } = call.params.stake
  const units = parseAmount(amountAGIA)
  const amount = formatAmount(units)
  const deed = transact(call, context, {
    title: 'Withdraw stake',
    bullets: ({ gasFirst }) => [`Amount: ${amount} AGIA`, `Role: ${role}`, `Estimated gas (first step): ${gasFirst}`],
    request: context.contracts.request('stakeManager', 'withdrawStake', [ROLES[role], units]),
    expected: { amount, role },
    byEvents: true,
    done: ({ transactionHash: tx, logs }) => {
      const { user } = eventOf(Withdrawn, 'stakeManager', 'StakeWithdrawn', logs)
      const payouts = [{ to: user, amount, role }]
      return { outputs: { amount, role, tx }, payouts, says: `Withdrawn ${amount} AGIALPHA from ${role}.` }
    },
  })
  return yield* withFigures(context, (await context.actorOf(call.meta)).address, role, deed)
}

async function* withFigures(
  context: Context,
  user: Address,
  role: keyof typeof ROLES,
  deed: AsyncGenerator<string, Result>,
): AsyncGenerator<string, Result> {
  try {
    return yield* deed
  } catch (error) {
    if (!(error instanceof Rejected) || !OF_STAKE.includes(error.failure.code)) throw error
    const message = `${error.failure.message} ${await figures(context, user, role)}`
    throw new Rejected({ ...error.failure, message })
  }
}

async function figures({ jobs }: Context, user: Address, role: keyof typeof ROLES): Promise<string> {
  const read = async (name: string, args: unknown[]) => formatAmount(await jobs.read(z.bigint(), 'stakeManager', name, args))
  const [staked, least] = await Promise.all([read('stakeOf', [user, ROLES[role]]), read('roleMinimumStake', [ROLES[role]])])
  const locked = role === 'agent' ? `, locked in jobs: ${await read('lockedStakes', [user])}` : ''
  return `Staked as ${role}: ${staked}${locked}; minimum: ${least}.`
}
