import { compile } from '../src/chain/compile.ts'

/** Once before all tests: whatever touches a contract needs the artifacts. */
export default async function setup(): Promise<void> {
  await compile()
}
