export type Terminal = ReturnType<typeof terminal>

/** What the person who typed `npm start` reads. */
export function terminal(
  write: (text: string) => void = (text) => process.stdout.write(text),
  now = Date.now,
) {
  const say = (line = '') => write(`${line}\n`)
  return {
    say,
    /** Does something and tells it with the time it took. */
    async step<Result>(name: string, act: () => Promise<Result>): Promise<Result> {
      const beganAt = now()
      const result = await act()
      say(`  ${name.padEnd(24)}${((now() - beganAt) / 1000).toFixed(1).padStart(5)} s`)
      return result
    },
    /** Something that happened while the fleet runs. */
    event: (text: string) => say(`${new Date(now()).toTimeString().slice(0, 8)}  ${text}`),
  }
}
