import type { Address, Hex } from 'viem'
import { abiOf, artifact, type ContractName } from './abi.ts'
import type { Chain, Signer } from './client.ts'

/** One call of a contract's function; amounts in base units. */
export type Call = { functionName: string; args: readonly unknown[] }

/** A transaction was mined but reverted. */
export class Reverted extends Error {
  override name = 'Reverted'
}

/**
 * Sends many transactions of one signer in a row and waits for all at the end: nonces are counted here, so nobody
 * else may use the signer meanwhile.
 */
export class Sender {
  private pending: Hex[] = []

  private constructor(
    private readonly chain: Chain,
    private readonly signer: Signer,
    /** The nonce of the next transaction. */
    public nonce: number,
  ) {}

  static async of(chain: Chain, signer: Signer): Promise<Sender> {
    const { address } = signer.account
    return new Sender(chain, signer, await chain.getTransactionCount({ address, blockTag: 'pending' }))
  }

  /** Deploys a contract at the address that the present nonce gives. Errors: viem's, when it would revert. */
  async create(name: ContractName, args: readonly unknown[]): Promise<void> {
    const { abi, bytecode } = artifact(name)
    this.pending.push(await this.signer.deployContract({ abi, bytecode, args: [...args], nonce: this.nonce++ }))
  }

  /** Calls a contract that is mined. Errors: viem's, when it would revert. */
  async call(on: { name: ContractName; address: Address }, { functionName, args }: Call): Promise<void> {
    const { name, address } = on
    const request = { abi: abiOf(name), address, functionName, args: [...args], nonce: this.nonce++ }
    this.pending.push(await this.signer.writeContract(request))
  }

  /** Sends ETH, in wei. */
  async transfer(to: Address, value: bigint): Promise<void> {
    this.pending.push(await this.signer.sendTransaction({ to, value, nonce: this.nonce++ }))
  }

  /**
   * Waits until everything sent is mined.
   *
   * @returns the highest block of them, 0 when nothing was sent
   * @throws Reverted naming the first transaction that failed
   */
  async settle(): Promise<number> {
    let highest = 0
    for (const hash of this.pending.splice(0)) {
      const { status, blockNumber } = await this.chain.waitForTransactionReceipt({ hash })
      if (status !== 'success') throw new Reverted(`transaction ${hash} reverted`)
      highest = Math.max(highest, Number(blockNumber))
    }
    return highest
  }
}
