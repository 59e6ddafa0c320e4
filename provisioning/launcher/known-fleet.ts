import { readFileSync } from 'node:fs'

/** What earlier starts have done in this state folder, so that later ones need not ask the control plane before they begin. */
export type KnownFleet = { databaseUrl: string; nodes: number[]; streams: boolean; demo: boolean }

/** Nothing is known of another database, or of one that was made anew. */
export function readKnownFleet(file: string, databaseUrl: string, databaseIsNew: boolean): KnownFleet {
  const nothing = { databaseUrl, nodes: [], streams: false, demo: false }
  try {
    const known = JSON.parse(readFileSync(file, 'utf8'))
    if (databaseIsNew || known.databaseUrl !== databaseUrl) return nothing
    return {
      databaseUrl,
      nodes: known.nodes.map(Number),
      streams: known.streams === true,
      demo: known.demo === true,
    }
  } catch {
    return nothing // the first start, or a file that tells nothing: all steps can be taken twice
  }
}
