export type StreamProblem = { at: string; what: string }

const MOST = 10
const MOST_STREAMS = 1000

export type StreamProblems = ReturnType<typeof streamProblems>

/** What went wrong with each stream lately, in words for people, the latest last. What is said again is said once, with its last time. */
export function streamProblems(now: () => Date = () => new Date()) {
  const problems = new Map<string, StreamProblem[]>()

  return {
    note(name: string, what: string) {
      const others = (problems.get(name) ?? []).filter((known) => known.what !== what)
      problems.delete(name)
      problems.set(name, [...others, { at: now().toISOString(), what }].slice(-MOST))
      const [oldest] = problems.keys()
      if (problems.size > MOST_STREAMS && oldest !== undefined) problems.delete(oldest)
    },
    of: (name: string) => problems.get(name) ?? [],
    forget: (name: string) => void problems.delete(name),
  }
}
