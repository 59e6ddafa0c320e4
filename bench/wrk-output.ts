const UNITS: Record<string, number> = { B: 1, KB: 2 ** 10, MB: 2 ** 20, GB: 2 ** 30 }

/** What wrk says at its end: undefined if it says nothing, or that something was not answered with the file. */
export function bytesPerSecondOf(text: string): number | undefined {
  const [, value, unit = ''] = text.match(/Transfer\/sec:\s+([\d.]+)([KMG]?B)/) ?? []
  if (!value || /Non-2xx|Socket errors/.test(text)) return undefined
  return Number(value) * (UNITS[unit] ?? Number.NaN)
}

/** The same of many small answers, with the latency that 99 of a hundred do not exceed. */
export function requestsOf(text: string): { perSecond: number; p99Ms: number } | undefined {
  const [, perSecond] = text.match(/Requests\/sec:\s+([\d.]+)/) ?? []
  const [, value, unit = ''] = text.match(/^\s+99%\s+([\d.]+)(us|ms|s)$/m) ?? []
  if (!perSecond || !value || /Non-2xx|Socket errors/.test(text)) return undefined
  return { perSecond: Number(perSecond), p99Ms: Number(value) * (MILLISECONDS[unit] ?? Number.NaN) }
}

const MILLISECONDS: Record<string, number> = { us: 0.001, ms: 1, s: 1000 }
