import * as z from 'zod'

const DAYS = ['sun', 'mon', 'tue', 'wed', 'thu', 'fri', 'sat'] as const
const DAY_MINUTES = 24 * 60
const WEEK_MINUTES = 7 * DAY_MINUTES

/** A time zone by the name of the IANA, as this machine knows it. */
const Zone = z
  .string()
  .max(50)
  .refine(isZone, 'zone is UTC or a name of the IANA’s list, such as Europe/Berlin')

/** A stretch of the week in which a node takes no new viewers. By the clock on the wall of its zone, summer time too. */
export const MaintenanceWindow = z.strictObject({
  days: z
    .array(z.enum(DAYS))
    .min(1)
    .max(7)
    .refine((days) => new Set(days).size === days.length, 'each day once'),
  from: z.string().regex(/^(?:[01]\d|2[0-3]):[0-5]\d$/, 'from is a time such as 02:30'),
  minutes: z.number().int().min(1).max(DAY_MINUTES),
  zone: Zone.default('UTC'),
})
export type MaintenanceWindow = z.infer<typeof MaintenanceWindow>

/** Whether it is due at that moment. */
export function isDue({ days, from, minutes, zone }: MaintenanceWindow, at: Date): boolean {
  const now = minuteOfWeek(at, zone)
  return days.some((day) => {
    const begins = DAYS.indexOf(day) * DAY_MINUTES + minuteOfDay(from)
    return (now - begins + WEEK_MINUTES) % WEEK_MINUTES < minutes
  })
}

/** As people write it: `sat,sun 02:30 90 Europe/Berlin`. */
export const windowText = ({ days, from, minutes, zone }: MaintenanceWindow): string =>
  `${days.join(',')} ${from} ${minutes} ${zone}`

/** What people wrote, still to be parsed by the schema. */
export function readWindow(text: string): unknown {
  const [days = '', from, minutes = '', zone, ...more] = text.trim().split(/\s+/)
  return {
    days: days.split(','),
    from,
    minutes: Number(minutes),
    ...(zone && { zone: [zone, ...more].join(' ') }),
  }
}

function minuteOfWeek(at: Date, timeZone: string): number {
  const format = new Intl.DateTimeFormat('en-GB', {
    timeZone,
    weekday: 'short',
    hour: '2-digit',
    minute: '2-digit',
    hourCycle: 'h23',
  })
  const part = Object.fromEntries(format.formatToParts(at).map(({ type, value }) => [type, value]))
  const names: readonly string[] = DAYS
  const day = names.indexOf(part.weekday?.toLowerCase() ?? '')
  return day * DAY_MINUTES + minuteOfDay(`${part.hour}:${part.minute}`)
}

function minuteOfDay(time: string): number {
  const [hours = 0, minutes = 0] = time.split(':').map(Number)
  return hours * 60 + minutes
}

function isZone(name: string): boolean {
  try {
    new Intl.DateTimeFormat('en-GB', { timeZone: name })
    return true
  } catch {
    return false
  }
}
