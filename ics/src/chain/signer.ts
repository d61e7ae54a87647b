import { keccak256, stringToBytes } from 'viem'
import { type HDAccount, mnemonicToAccount } from 'viem/accounts'

const signers = new Map<string, HDAccount>()

/**
 * The signer of a user: HD path m/44'/60'/0'/0/i with i = uint(keccak256(utf8 userId)) mod 2^31.
 * Remembered, because deriving the seed costs tens of milliseconds.
 *
 * @throws the library's error for an invalid mnemonic
 */
export function signerFor(mnemonic: string, userId: string): HDAccount {
  const addressIndex = Number(BigInt(keccak256(stringToBytes(userId))) % 2n ** 31n)
  return accountAt(mnemonic, addressIndex)
}

/**
 * Who pays for the transactions of others where no key is set: it wraps relayed requests and bundles operations.
 * No userId has a colon, so no user has this path.
 */
export function sponsorAccount(mnemonic: string): HDAccount {
  return signerFor(mnemonic, 'ics:sponsor')
}

/** The account that owns the faucet of the local chain: index 0, which anvil endows with ETH at genesis. */
export function faucetAccount(mnemonic: string): HDAccount {
  return accountAt(mnemonic, 0)
}

function accountAt(mnemonic: string, addressIndex: number): HDAccount {
  const key = `${addressIndex}:${mnemonic}`
  const account = signers.get(key) ?? mnemonicToAccount(mnemonic, { addressIndex })
  signers.set(key, account)
  return account
}
