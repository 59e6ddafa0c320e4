/** What a player has of the stream: positions in seconds, and when the picture at its start was taken, in ms since 1970. */
export type Kept = { start: number; end: number; startsAt: number }

/** `?t=`: seconds since 1970, or a time as ISO 8601 writes it; in ms. Whatever else it says is not heard. */
export function readMoment(search: string): number | undefined {
  const said = new URLSearchParams(search).get('t') ?? ''
  if (/^\d{1,11}(\.\d+)?$/.test(said)) return Number(said) * 1000
  const at = /^\d{4}-\d\d-\d\dT/.test(said) ? Date.parse(said) : Number.NaN
  return Number.isNaN(at) ? undefined : at
}

/** Where the picture of that moment is; gone when it is kept no longer, absent when it is still to come: then the live edge is as good. */
export function placeOf(moment: number, { start, end, startsAt }: Kept): number | 'gone' | undefined {
  const position = start + (moment - startsAt) / 1000
  if (position < start) return 'gone'
  return position < end ? position : undefined
}
