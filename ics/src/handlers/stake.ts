import { formatAmount, parseAmount } from '../money.ts'
import type { Handler } from './context.ts'
import { allowanceOf, transact } from './transact.ts'

/** The roles of a stake by the numbers that the chain gives them. */
export const ROLES = { agent: 0, validator: 1, platform: 2 } as const

/** `stake.deposit`: approves the exact amount when the allowance is short, then deposits it. */
export const depositStake: Handler<'stake.deposit'> = async function* (call, context) {
  const { amountAGIA, role } = call.params.stake
  const units = parseAmount(amountAGIA)
  const amount = formatAmount(units)
  const short = (await allowanceOf(context, await context.actorOf(call.meta))) < units
  return yield* transact(call, context, {
    title: 'Deposit stake',
    bullets: ({ gasFirst }) => [
      `Amount: ${amount} AGIA`,
      `Role: ${role}`,
      ...(short ? ['Approval required before deposit'] : []),
      `Estimated gas (first step): ${gasFirst}`,
    ],
    spend: units,
    request: context.contracts.request('stakeManager', 'depositStake', [ROLES[role], units]),
    expected: { amount, role },
    done: ({ transactionHash: tx }) => ({ outputs: { amount, role, tx }, says: `Deposited ${amount} AGIALPHA for ${role}.` }),
  })
}
