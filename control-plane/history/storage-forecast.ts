const DAY = 86_400
/** Of less nothing is foretold: an afternoon's recording would fill every disk by night. */
const LEAST_DAYS = 1
const FARTHEST_DAYS = 3650

/** By the straight line that fits best. Times in seconds, shares in percent. Undefined when it does not fill, or too little is known. */
export function daysUntilFull(times: number[], shares: (number | null)[]): number | undefined {
  const known = times.flatMap((at, index) => {
    const share = shares[index]
    return typeof share === 'number' ? [{ day: at / DAY, share }] : []
  })
  const [first, last] = [known[0], known.at(-1)]
  if (!first || !last || last.day - first.day < LEAST_DAYS) return undefined
  const middle = { day: mean(known.map(({ day }) => day)), share: mean(known.map(({ share }) => share)) }
  const spread = sum(known.map(({ day }) => (day - middle.day) ** 2))
  const perDay = sum(known.map(({ day, share }) => (day - middle.day) * (share - middle.share))) / spread
  const days = (100 - (middle.share + perDay * (last.day - middle.day))) / perDay
  return perDay > 0 && days < FARTHEST_DAYS ? Math.max(0, days) : undefined
}

const sum = (numbers: number[]) => numbers.reduce((total, each) => total + each, 0)
const mean = (numbers: number[]) => sum(numbers) / numbers.length
