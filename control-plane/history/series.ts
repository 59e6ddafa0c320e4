import type { NodeMetrics } from '@sixcast/shared/contract/node-metrics.ts'

type Series = {
  name: string
  /** How people call it. */
  words: string
  /** What one is of the numbers as people read them. */
  unit: '%' | '°C' | 'Mbit/s' | 'GB' | 'kB/s' | ''
  /** A number is kept as a whole one, so many times as large. */
  scale: number
  of: (metrics: NodeMetrics) => number | undefined
}

const sum = (numbers: number[]) => numbers.reduce((total, each) => total + each, 0)
const share = (part: number, whole: number) => (whole > 0 ? (100 * part) / whole : undefined)
const yes = (is: boolean | undefined) => (is === undefined ? undefined : is ? 100 : 0)

/** The disk that is filled first. */
export const fullestDisk = ({ storage }: NodeMetrics) =>
  storage
    .filter(({ totalBytes }) => totalBytes > 0)
    .toSorted((one, other) => other.usedBytes / other.totalBytes - one.usedBytes / one.totalBytes)[0]

/** Of a mount in memory nothing is said. */
function written({ storage }: NodeMetrics) {
  const told = storage.flatMap(({ writtenBytesPerSecond }) => writtenBytesPerSecond ?? [])
  return told.length > 0 ? sum(told) : undefined
}

/** To itself it sends nothing over its line. */
const lines = ({ network }: NodeMetrics) => network.filter((each) => each.interface !== 'lo')
const megabits = (bytesPerSecond: number) => (8 * bytesPerSecond) / 1e6

/** What is kept of a measurement. Where each stands in this list is how rows are read: new ones come at the end, none is taken out. */
export const SERIES = [
  { name: 'cpu', words: 'CPU', unit: '%', scale: 10, of: ({ cpu }) => cpu.percent },
  {
    name: 'memory',
    words: 'Memory',
    unit: '%',
    scale: 10,
    of: ({ memory }) => share(memory.usedBytes, memory.totalBytes),
  },
  {
    name: 'storage',
    words: 'Storage, the fullest',
    unit: '%',
    scale: 10,
    of: (metrics) => {
      const disk = fullestDisk(metrics)
      return disk && share(disk.usedBytes, disk.totalBytes)
    },
  },
  {
    name: 'received',
    words: 'Received',
    unit: 'Mbit/s',
    scale: 1000,
    of: (metrics) => megabits(sum(lines(metrics).map((each) => each.receivedBytesPerSecond))),
  },
  {
    name: 'sent',
    words: 'Sent',
    unit: 'Mbit/s',
    scale: 1000,
    of: (metrics) => megabits(sum(lines(metrics).map((each) => each.sentBytesPerSecond))),
  },
  {
    name: 'temperature',
    words: 'Temperature',
    unit: '°C',
    scale: 10,
    of: ({ temperatureCelsius }) => temperatureCelsius,
  },
  {
    name: 'undervoltage',
    words: 'Undervoltage',
    unit: '%',
    scale: 1,
    of: ({ power }) => yes(power?.undervoltage),
  },
  {
    name: 'throttled',
    words: 'Slowed down by heat or supply',
    unit: '%',
    scale: 1,
    of: ({ power }) => yes(power && (power.throttled || power.frequencyCapped)),
  },
  { name: 'streams', words: 'Streams', unit: '', scale: 10, of: ({ streams }) => streams },
  { name: 'viewers', words: 'Viewers', unit: '', scale: 10, of: ({ viewers }) => viewers },
  {
    name: 'workers',
    words: 'Workers',
    unit: '',
    scale: 10,
    of: ({ processes }) => processes.filter(({ name }) => name === 'ffmpeg').length,
  },
  {
    name: 'own-cpu',
    words: 'CPU of Sixcast',
    unit: '%',
    scale: 10,
    of: ({ processes, cpu }) => sum(processes.map(({ cpuPercent }) => cpuPercent)) / cpu.cores,
  },
  {
    name: 'own-memory',
    words: 'Memory of Sixcast',
    unit: 'GB',
    scale: 1000,
    of: ({ processes }) => sum(processes.map(({ memoryBytes }) => memoryBytes)) / 2 ** 30,
  },
  {
    name: 'written',
    words: 'Written to storage',
    unit: 'kB/s',
    scale: 10,
    of: (metrics) => {
      const bytes = written(metrics)
      return bytes === undefined ? undefined : bytes / 1000
    },
  },
] as const satisfies readonly Series[]

export type SeriesName = (typeof SERIES)[number]['name']
export const SERIES_NAMES = SERIES.map(({ name }) => name) as [SeriesName, ...SeriesName[]]

const ALL: ReadonlySet<SeriesName> = new Set(SERIES_NAMES)

/** The whole numbers that are kept of a measurement, of those series that are wanted. */
export const wholeNumbers = (metrics: NodeMetrics, wanted: ReadonlySet<SeriesName> = ALL) =>
  SERIES.map(({ name, scale, of }) => {
    const value = wanted.has(name) ? of(metrics) : undefined
    const whole = value === undefined ? Number.NaN : Math.round(value * scale)
    // What no machine has is nothing that anybody measured.
    return Number.isSafeInteger(whole) ? whole : undefined
  })
