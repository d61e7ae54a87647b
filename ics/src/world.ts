import { dirname, join } from 'node:path'
import { type LocalAccount, privateKeyToAccount } from 'viem/accounts'
import { Bundler } from './access/bundler.ts'
import { EntryPoint } from './access/entrypoint.ts'
import { Guard } from './access/guard.ts'
import { Handover } from './access/handover.ts'
import { Jobs } from './access/jobs.ts'
import { Miner } from './access/mined.ts'
import { Contracts } from './access/request.ts'
import { Roads } from './access/roads.ts'
import { Sender } from './access/send.ts'
import { AuditTrail } from './audit.ts'
import { type Chain, readChain } from './chain/client.ts'
import { type LocalChain, readLocalChain } from './chain/config.ts'
import { type Deployment, readDeployment } from './chain/deployment.ts'
import { signerFor, sponsorAccount } from './chain/signer.ts'
import { Engine } from './engine/engine.ts'
import { recover } from './engine/recover.ts'
import type { Context } from './handlers/context.ts'
import { type Journal, openJournal } from './journal/journal.ts'
import { Locks } from './locks.ts'
import type { Log } from './log.ts'
import { readModeration } from './moderation.ts'
import { Pins } from './pins.ts'
import { ConfigInvalid, type Rules, readRules } from './rules.ts'
import type { Meta } from './schema.ts'
import type { Settings } from './settings.ts'

/** Everything that a running ICS is made of. */
export type World = {
  settings: Settings
  log: Log
  chain: Chain
  deployment: Deployment
  local: LocalChain
  rules: Rules
  journal: Journal
  jobs: Jobs
  roads: Roads
  engine: Engine
  /** Passes when the chain is ours and what a crash cut off goes on; throws ChainRefused otherwise. */
  open(): Promise<void>
}

/**
 * Puts a world together.
 *
 * @throws ConfigInvalid, JournalBusy, and the library's error for an invalid mnemonic
 */
export async function makeWorld(settings: Settings, log: Log): Promise<World> {
  const { rpcUrl, configDir, feePct, burnPct } = settings
  const rules = await readRules(configDir, { ...(feePct !== undefined && { feePct }), ...(burnPct !== undefined && { burnPct }) })
  const deployment = await deploymentOf(settings)
  const local = await localOf(settings)
  const journal = await openJournal(settings.journal)
  keep(journal, rules)
  const chain = readChain(rpcUrl)
  const entryPoint = EntryPoint.of(chain, deployment)
  const bundler = bundlerOf(settings, entryPoint, log)
  const miner = new Miner(chain, journal, settings.depth, settings.heightFile, entryPoint && new Handover(entryPoint, bundler))
  const contracts = new Contracts(deployment)
  const jobs = new Jobs(chain, contracts)
  const sender = new Sender(chain, deployment.chainId, journal.txes, miner)
  const moderation = await readModeration(configDir)
  const signerOf = (userId: string) => signerFor(local.mnemonic, userId)
  const roads = new Roads(chain, contracts, signerOf, { sponsor: sponsorOf(settings, local), entryPoint, bundler })
  const actorOf = (meta: Meta) => roads.actorOf(meta)
  const audit = new AuditTrail(join(dirname(settings.journal), 'governance'))
  const parts = { chain, contracts, jobs, sender, journal, moderation, signerOf, actorOf, audit, fees: rules.fees }
  const context: Context = { ...parts, before: [], pins: new Pins(settings.pinDir), locks: new Locks() }
  const engine = new Engine(journal, context, log)
  const open = gate(new Guard(chain, deployment, journal, miner), () => recover(journal, miner, engine, log))
  return { settings, log, chain, deployment, local, rules, journal, jobs, roads, engine, open }
}

// Recovery comes once, after the first pass of the guard and before anything new.
function gate(guard: Guard, recovery: () => Promise<void>): () => Promise<void> {
  let recovered: Promise<void> | undefined
  return async () => {
    await guard.check()
    await (recovered ??= recovery())
  }
}

// A run that was admitted under these goes on under them, whatever the files say at a later start.
function keep({ rules: kept }: Journal, { policy, fees: { digest, ...fees } }: Rules): void {
  kept.keep(policy.digest, policy.content)
  kept.keep(digest, fees)
}

async function deploymentOf({ deployment: path }: Settings): Promise<Deployment> {
  const found = await readDeployment(path)
  if (found === undefined) throw new ConfigInvalid(`ICS_DEPLOYMENT: there is no ${path}: run npm run deploy first`)
  return found
}

function bundlerOf({ bundlerUrl }: Settings, entryPoint: EntryPoint | undefined, log: Log): Bundler | undefined {
  return bundlerUrl === undefined || entryPoint === undefined ? undefined : new Bundler(bundlerUrl, entryPoint, log)
}

function sponsorOf({ sponsorKey }: Settings, { mnemonic }: LocalChain): LocalAccount {
  return sponsorKey === undefined ? sponsorAccount(mnemonic) : privateKeyToAccount(sponsorKey)
}

async function localOf({ configDir, mnemonic }: Settings): Promise<LocalChain> {
  const local = await readLocalChain(configDir)
  return mnemonic === undefined ? local : { ...local, mnemonic }
}
