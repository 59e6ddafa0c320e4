import type { Bench } from './bench-options.ts'
export async function measureCost({ say }: Bench) {
  say('')
}
