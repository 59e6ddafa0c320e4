/** Megabits per second, as exact as anybody can use. */
export function megabits(bitsPerSecond: number): string {
  const value = bitsPerSecond / 1e6
  return value < 9.95 ? value.toFixed(1) : Math.round(value).toLocaleString('en-GB')
}
