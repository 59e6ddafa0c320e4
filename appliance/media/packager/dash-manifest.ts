import type { SessionRecord } from '@sixcast/shared/contract/stream-report.ts'
import { renditionsOf } from './multivariant-playlist.ts'
import { wallTime } from './session-clock.ts'
import { listedSegments, type TrackWindow, type WindowRules, type WindowSegment } from './track-window.ts'

type DashManifest = {
  session: string
  /** Of the runs that the windows still show, the oldest first. */
  records: SessionRecord[]
  tracks: TrackWindow[]
  rules: WindowRules
  /** Absent: whole segments only. */
  lowLatency: { partSeconds: number } | undefined
  /** Whether its last run goes on. Without it no player is to ask for more of its segments, until the next run is there. */
  running: boolean
  ended: boolean
  publishedAt: string
}

/** How far behind the source players of low latency stay: what they hold back, and how long a part is on its way; and others. */
const LATENCY_PARTS = 3
const ON_ITS_WAY_MS = 500
const LATENCY_SEGMENTS = 3

/**
 * The DASH manifest of a session, a Period per run, from the same files as its playlists. URIs are relative to the stream's
 * folder. A run's first segment is shorter than a template can say: its Period begins with the second. Absent before that.
 */
export function dashManifest(manifest: DashManifest): string | undefined {
  const { records, rules, ended, publishedAt } = manifest
  const periods = records.flatMap((record) => periodOf(record, manifest))
  if (!periods.length) return undefined
  const [first] = records
  const startedAt = first?.startedAt ?? publishedAt
  const told = sum(periods.map(({ seconds }) => seconds))
  const attributes = ended
    ? `type="static" mediaPresentationDuration="${duration(told)}"`
    : `type="dynamic" availabilityStartTime="${startedAt}" publishTime="${publishedAt}" ` +
      `minimumUpdatePeriod="${duration(rules.segmentSeconds)}" timeShiftBufferDepth="${duration(Math.min(told, rules.listedSeconds))}" ` +
      `maxSegmentDuration="${duration(rules.segmentSeconds)}"`
  return [
    '<?xml version="1.0" encoding="UTF-8"?>',
    '<MPD xmlns="urn:mpeg:dash:schema:mpd:2011" profiles="urn:mpeg:dash:profile:isoff-live:2011" ' +
      `minBufferTime="${duration(rules.segmentSeconds)}" ${attributes}>`,
    ...(ended ? [] : [serviceDescription(manifest)]),
    ...periods.map((period) => periodLines(period, manifest)),
    ...(ended ? [] : ['<UTCTiming schemeIdUri="urn:mpeg:dash:utc:http-iso:2014" value="/time"/>']),
    '</MPD>',
    '',
  ].join('\n')
}

type Period = {
  record: SessionRecord
  /** Of its first segment that the manifest tells of, on the run's media clock. */
  start: number
  startNumber: number
  /** Of what is listed. */
  seconds: number
  segments: WindowSegment[]
}

/** While a stream is live the places of its Periods must not move; of one that has ended only what is still there is told. */
function periodOf(record: SessionRecord, { tracks, rules, ended }: DashManifest): Period[] {
  const { phase, segmentSeconds, firstNumber, run } = record
  const video = tracks.find(({ kind }) => kind === 'video')
  const listed = video ? listedSegments(video, rules).filter((segment) => segment.run === run) : []
  const segments = listed.filter(({ number }) => number > firstNumber)
  const [first] = segments
  if (!first) return []
  const startNumber = ended ? first.number : firstNumber + 1
  const start = phase + (startNumber - firstNumber) * segmentSeconds
  return [{ record, start, startNumber, seconds: sum(segments.map((segment) => segment.duration)), segments }]
}

function periodLines(period: Period, manifest: DashManifest): string {
  const { session, records, tracks, lowLatency, running, ended } = manifest
  const { record, start, seconds, segments } = period
  const over = !running || record.run !== records.at(-1)?.run
  const from = (Date.parse(wallTime(record, start)) - Date.parse(record.startedAt)) / 1000
  const last = segments.at(-1)
  const until = last ? last.start + last.duration - start : 0
  const length = ended ? seconds : until
  const adaptation = (kind: TrackWindow['kind']) =>
    adaptationSet(
      kind,
      tracks.filter((track) => track.kind === kind),
      { period, session, lowLatency, ended },
    )
  return [
    `<Period id="${record.run}"${ended ? '' : ` start="${duration(from)}"`}${ended || over ? ` duration="${duration(length)}"` : ''}>`,
    adaptation('video'),
    adaptation('audio'),
    '</Period>',
  ].join('\n')
}

type Shown = { period: Period; session: string; lowLatency: DashManifest['lowLatency']; ended: boolean }

const TIMESCALE = { video: 90_000, audio: 48_000 }

function adaptationSet(kind: TrackWindow['kind'], tracks: TrackWindow[], shown: Shown): string {
  const { period, lowLatency, ended } = shown
  const { segmentSeconds } = period.record
  const timescale = TIMESCALE[kind]
  const early =
    lowLatency && !ended
      ? ` availabilityTimeOffset="${(segmentSeconds - lowLatency.partSeconds).toFixed(3)}" availabilityTimeComplete="false"`
      : ''
  const template = (init: string) =>
    `<SegmentTemplate timescale="${timescale}" duration="${segmentSeconds * timescale}" startNumber="${period.startNumber}" ` +
    `presentationTimeOffset="${Math.round(period.start * timescale)}" initialization="${shown.session}/${init}" ` +
    `media="${shown.session}/$RepresentationID$/${period.record.run}-$Number$.m4s"${early}/>`
  return [
    `<AdaptationSet id="${kind === 'video' ? 1 : 2}" contentType="${kind}" mimeType="${kind}/mp4" segmentAlignment="true" startWithSAP="1">`,
    '<Role schemeIdUri="urn:mpeg:dash:role:2011" value="main"/>',
    ...tracks.map((track) => {
      const init = track.segments.findLast(({ run }) => run === period.record.run)?.init ?? ''
      return `<Representation id="${track.id}" ${described(track, tracks, period.record.run)}>\n${template(init)}\n</Representation>`
    }),
    '</AdaptationSet>',
  ].join('\n')
}

/** As the Period's run was, and at the rates of the whole session. */
function described(track: TrackWindow, tracks: TrackWindow[], run: number): string {
  const { codecs, width, height, frameRate } = track.shapes.find((shape) => shape.run === run) ?? track
  if (track.kind === 'audio')
    return `codecs="${codecs}" bandwidth="${Math.ceil(track.peakBitsPerSecond)}" audioSamplingRate="48000"`
  const bandwidth = renditionsOf(tracks).find(({ id }) => id === track.id)?.bandwidth ?? 0
  return `codecs="${codecs}" bandwidth="${bandwidth}" width="${width}" height="${height}" frameRate="${frameRate}"`
}

function serviceDescription({ lowLatency, rules }: DashManifest): string {
  const seconds = lowLatency
    ? LATENCY_PARTS * lowLatency.partSeconds
    : LATENCY_SEGMENTS * rules.segmentSeconds
  const target = Math.round(seconds * 1000) + (lowLatency ? ON_ITS_WAY_MS : 0)
  return [
    '<ServiceDescription id="0">',
    `<Latency target="${target}" min="${target / 2}" max="${target * 3}"/>`,
    '<PlaybackRate min="0.95" max="1.05"/>',
    '</ServiceDescription>',
  ].join('\n')
}

function duration(seconds: number): string {
  return `PT${Number(seconds.toFixed(3))}S`
}

function sum(values: number[]): number {
  return values.reduce((total, value) => total + value, 0)
}
