const UNITS: Record<string, number> = { B: 1, KB: 2 ** 10, MB: 2 ** 20, GB: 2 ** 30 }

/** What wrk says at its end: undefined if it says nothing, or that something was not answered with the file. */
export function bytesPerSecondOf(text: string): number | undefined {
  const [, value, unit = ''] = text.match(/Transfer\/sec:\s+([\d.]+)([KMG]?B)/) ?? []
  if (!value || /Non-2xx|Socket errors/.test(text)) return undefined
  return Number(value) * (UNITS[unit] ?? Number.NaN)
}
