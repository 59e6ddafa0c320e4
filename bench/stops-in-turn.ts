/** What was started, to be stopped in the opposite order, each even if another cannot be. */
export function stopsInTurn() {
  const stops: (() => Promise<unknown>)[] = []
  return {
    add: (stop: () => Promise<unknown>) => void stops.unshift(stop),
    async run() {
      const failures: unknown[] = []
      for (const stop of stops.splice(0)) await stop().catch((error) => failures.push(error))
      if (failures.length > 0) throw new AggregateError(failures, 'not all could be stopped')
    },
  }
}
