/** A DASH manifest, read strictly: an element or an attribute that we do not write is an error. Seconds; wall times in milliseconds. */
export type Manifest = {
  type: string
  profiles: string
  minBuffer: number
  startedAt: number | undefined
  publishedAt: number | undefined
  updatePeriod: number | undefined
  windowSeconds: number | undefined
  longestSegment: number | undefined
  duration: number | undefined
  /** Where the time is asked for. */
  clock: { scheme: string; url: string } | undefined
  latency: number | undefined
  periods: Period[]
}
export type Period = {
  id: string
  start: number | undefined
  duration: number | undefined
  representations: Representation[]
}
export type Representation = {
  id: string
  kind: string
  codecs: string
  bandwidth: number
  frameRate: number | undefined
  timescale: number
  /** In the timescale, as `offset` is. */
  segmentDuration: number
  startNumber: number
  offset: number
  init: string
  media: string
  /** How long before its end a segment is promised; absent when only whole ones are. */
  early: number | undefined
}

export function parseManifest(text: string): Manifest {
  const mpd = readElement(text)
  if (mpd.name !== 'MPD') throw new Error('not a manifest')
  const { attributes: a } = mpd
  const [clock, description] = [child(mpd, 'UTCTiming'), child(mpd, 'ServiceDescription')]
  const latency = description && child(description, 'Latency')
  return {
    type: a.type ?? '',
    profiles: a.profiles ?? '',
    minBuffer: seconds(a.minBufferTime) ?? Number.NaN,
    startedAt: moment(a.availabilityStartTime),
    publishedAt: moment(a.publishTime),
    updatePeriod: seconds(a.minimumUpdatePeriod),
    windowSeconds: seconds(a.timeShiftBufferDepth),
    longestSegment: seconds(a.maxSegmentDuration),
    duration: seconds(a.mediaPresentationDuration),
    clock: clock && { scheme: clock.attributes.schemeIdUri ?? '', url: clock.attributes.value ?? '' },
    latency: latency && Number(latency.attributes.target) / 1000,
    periods: all(mpd, 'Period').map(periodOf),
  }
}

function periodOf(period: Element): Period {
  const { id = '', start, duration } = period.attributes
  return {
    id,
    start: seconds(start),
    duration: seconds(duration),
    representations: all(period, 'AdaptationSet').flatMap((set) =>
      all(set, 'Representation').map((one) => representationOf(one, set.attributes.contentType ?? '')),
    ),
  }
}

function representationOf(representation: Element, kind: string): Representation {
  const { id = '', codecs = '', bandwidth, frameRate } = representation.attributes
  const template = child(representation, 'SegmentTemplate')?.attributes
  if (!template) throw new Error(`no SegmentTemplate for ${id}`)
  const early = template.availabilityTimeComplete === 'false' ? template.availabilityTimeOffset : undefined
  return {
    id,
    kind,
    codecs,
    bandwidth: Number(bandwidth),
    frameRate: frameRate === undefined ? undefined : Number(frameRate),
    timescale: Number(template.timescale),
    segmentDuration: Number(template.duration),
    startNumber: Number(template.startNumber),
    offset: Number(template.presentationTimeOffset),
    init: template.initialization ?? '',
    media: template.media ?? '',
    early: early === undefined ? undefined : Number(early),
  }
}

function seconds(text: string | undefined): number | undefined {
  if (text === undefined) return undefined
  const [, value] = /^PT(\d+(?:\.\d+)?)S$/.exec(text) ?? []
  if (value === undefined) throw new Error(`not a duration: ${text}`)
  return Number(value)
}

function moment(text: string | undefined): number | undefined {
  if (text === undefined) return undefined
  if (!/^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.\d{3}Z$/.test(text)) throw new Error(`not a moment: ${text}`)
  return Date.parse(text)
}

type Element = { name: string; attributes: Record<string, string>; children: Element[] }

const child = (element: Element, name: string) => element.children.find((one) => one.name === name)
const all = (element: Element, name: string) => element.children.filter((one) => one.name === name)

/** What each element may hold: its attributes, those without `?` in any case, and its children in the order of the schema (ISO 23009-1). */
const SCHEMA: Record<string, { attributes: string; children?: string }> = {
  MPD: {
    attributes:
      'xmlns profiles type minBufferTime availabilityStartTime? publishTime? minimumUpdatePeriod? timeShiftBufferDepth? maxSegmentDuration? mediaPresentationDuration?',
    children: 'ServiceDescription Period UTCTiming',
  },
  ServiceDescription: { attributes: 'id', children: 'Latency PlaybackRate' },
  Latency: { attributes: 'target min max' },
  PlaybackRate: { attributes: 'min max' },
  UTCTiming: { attributes: 'schemeIdUri value' },
  Period: { attributes: 'id start? duration?', children: 'AdaptationSet' },
  AdaptationSet: {
    attributes: 'id contentType mimeType segmentAlignment startWithSAP',
    children: 'Role Representation',
  },
  Role: { attributes: 'schemeIdUri value' },
  Representation: {
    attributes: 'id codecs bandwidth width? height? frameRate? audioSamplingRate?',
    children: 'SegmentTemplate',
  },
  SegmentTemplate: {
    attributes:
      'timescale duration startNumber presentationTimeOffset initialization media availabilityTimeOffset? availabilityTimeComplete?',
  },
}

const DECLARATION = '<?xml version="1.0" encoding="UTF-8"?>\n'
const TAG = /\s*<(\/?)([A-Za-z]+)((?: [A-Za-z:]+="[^"<&]*")*)(\/?)>/y

function readElement(text: string): Element {
  if (!text.startsWith(DECLARATION)) throw new Error('no XML declaration')
  const root: Element = { name: '', attributes: {}, children: [] }
  const open = [root]
  let at = DECLARATION.length
  while (text.slice(at).trim() !== '') {
    TAG.lastIndex = at
    const [tag, end, name = '', attributes = '', empty] = TAG.exec(text) ?? []
    if (tag === undefined) throw new Error(`not well-formed: ${text.slice(at, at + 80)}`)
    at += tag.length
    if (end) {
      if (open.pop()?.name !== name) throw new Error(`</${name}> closes nothing`)
      continue
    }
    const element: Element = { name, attributes: readAttributes(attributes, name), children: [] }
    open.at(-1)?.children.push(element)
    if (!empty) open.push(element)
  }
  const [first, ...more] = root.children
  if (!first || more.length || open.length > 1) throw new Error('not one whole element')
  checkOrder(first)
  return first
}

function readAttributes(text: string, element: string): Record<string, string> {
  const known = SCHEMA[element]?.attributes.split(' ')
  if (!known) throw new Error(`an unknown element: ${element}`)
  const found: Record<string, string> = {}
  for (const [, name = '', value = ''] of text.matchAll(/ ([A-Za-z:]+)="([^"]*)"/g)) {
    if (name in found) throw new Error(`${element} has ${name} twice`)
    if (!known.includes(name) && !known.includes(`${name}?`))
      throw new Error(`an unknown attribute: ${element} ${name}`)
    found[name] = value
  }
  const missing = known.find((name) => !name.endsWith('?') && !(name in found))
  if (missing) throw new Error(`${element} has no ${missing}`)
  return found
}

function checkOrder({ name, children }: Element) {
  const order = SCHEMA[name]?.children?.split(' ') ?? []
  let place = 0
  for (const each of children) {
    const next = order.indexOf(each.name)
    if (next < place) throw new Error(`${each.name} may not stand there in ${name}`)
    place = next
    checkOrder(each)
  }
}
