import { remember } from '@sixcast/shared/runtime/remember.ts'
export type StreamProblem = { at: string; what: string }
/** Tells in words for people what is wrong with a stream; what is said later of the same matter takes the place of it. */
export type NoteProblem = (name: string, what: string, matter?: string) => void

type Known = StreamProblem & { matter: string; holds?: boolean }

const MOST = 10
const MOST_STREAMS = 1000

export type StreamProblems = ReturnType<typeof streamProblems>

/** What went wrong with each stream lately, in words for people, the latest last. What is said again is said once, with its last time. */
export function streamProblems(now: () => Date = () => new Date()) {
  const problems = new Map<string, Known[]>()

  const note: NoteProblem = (name, what, matter = what) => keep(name, { what, matter })

  function keep(name: string, problem: Omit<Known, 'at'>) {
    const others = besides(problem.matter, problems.get(name))
    const all = [...others, { at: now().toISOString(), ...problem }].toSorted(byHolding)
    remember(problems, name, all.slice(-MOST), MOST_STREAMS)
  }

  return {
    note,
    /** Holds of just these streams; of each it is said once, as long as it holds. */
    hold(matter: string, names: string[], what: (name: string) => string) {
      for (const name of names)
        if (!problems.get(name)?.some((known) => known.matter === matter))
          keep(name, { what: what(name), matter, holds: true })
      for (const [name, known] of problems)
        if (!names.includes(name)) problems.set(name, besides(matter, known))
    },
    of: (name: string): StreamProblem[] =>
      (problems.get(name) ?? []).toSorted(byTime).map(({ at, what }) => ({ at, what })),
    forget: (name: string) => void problems.delete(name),
  }
}

const byTime = (one: StreamProblem, other: StreamProblem) => Date.parse(one.at) - Date.parse(other.at)

/** What holds now is kept longer than all that has happened. */
const byHolding = (one: Known, other: Known) => Number(one.holds ?? false) - Number(other.holds ?? false)

function besides(matter: string, known: Known[] = []): Known[] {
  return known.filter((each) => each.matter !== matter)
}

/** What is wrong with a stream that the control plane does not know. */
export function onNoPage(name: string): string {
  return `Viewers do not find it on the landing page: there is no stream ${name}. npm run stream -- add ${name} makes one; until then it plays for who knows its URL on this node.`
}
