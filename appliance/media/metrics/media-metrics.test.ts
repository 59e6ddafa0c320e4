import { spawn } from 'node:child_process'
import { expect, onTestFinished, test, vi } from 'vitest'
import { mediaMetrics } from './media-metrics.ts'
import { metricsRoutes } from './metrics-routes.ts'
import { processUse } from './process-use.ts'

const use = () => ({ cpuPercent: 12.5, memoryBytes: 1_000_000, ffmpegProcesses: 2 })
const streams = () => [
  { name: 'demo', isLive: true },
  { name: 'over', isLive: false },
]

/** One line of each kind that the format knows, and nothing else: https://prometheus.io/docs/instrumenting/exposition_formats */
const COMMENT = /^# (?:HELP (?<helped>\w+) \S.*|TYPE (?<typed>\w+) (?<type>counter|gauge|histogram))$/
const SAMPLE =
  /^(?<name>[a-z][a-z0-9_]*)(?:\{(?<labels>(?:[a-z_]+="(?:[^"\\\n]|\\[\\"n])*",?)+)\})? (?<value>[0-9.e+-]+)$/

test('what Prometheus reads is in its format, with units in the names', async () => {
  const metrics = mediaMetrics({ streams, use })
  metrics.observePart({ stream: 'demo', rendition: 'v480', seconds: 0.003, bytes: 70_000 })
  metrics.observePart({ stream: 'demo', rendition: 'audio', seconds: 0.003, bytes: 5000 })
  metrics.observeSegment({ stream: 'demo', rendition: 'v480' })
  metrics.observeDropped({ stream: 'demo', rendition: 'v480', segments: 2 })
  metrics.observeCleaned({ streams: 1 })
  metrics.observeCopied({ stream: 'demo', parts: 2, bytes: 900, seconds: 0.02 })
  metrics.heard({
    stream: 'demo',
    kind: 'part',
    status: 200,
    bytes: 70_300,
    viewer: 'a',
    responseSeconds: 0.004,
  })
  const response = await metricsRoutes(metrics.text).request('/')
  expect(response.headers.get('content-type')).toMatch(/^text\/plain; version=0\.0\.4/)
  const lines = (await response.text()).split('\n')
  expect(lines.pop()).toBe('')

  const types = new Map<string, string>()
  const seen = new Set<string>()
  for (const line of lines) {
    const { typed, type = '' } = COMMENT.exec(line)?.groups ?? {}
    if (typed) types.set(typed, type)
    if (line.startsWith('#')) {
      expect(line).toMatch(COMMENT)
      continue
    }
    const { name = '', labels = '' } = SAMPLE.exec(line)?.groups ?? {}
    const family = types.has(name) ? name : name.replace(/_(?:bucket|sum|count)$/, '')
    expect([line, types.has(family)]).toEqual([line, true])
    expect(types.get(family) === 'counter').toBe(family.endsWith('_total'))
    expect(seen).not.toContain(`${name}{${labels}}`)
    seen.add(`${name}{${labels}}`)
  }
  for (const sample of [
    'streaming_active_streams 1',
    'streaming_ffmpeg_processes 2',
    'streaming_cpu_percent 12.5',
    'streaming_memory_bytes 1000000',
    'streaming_parts_published_total{stream="demo",rendition="audio"} 1',
    'streaming_segments_published_total{stream="demo",rendition="v480"} 1',
    'streaming_segments_dropped_total{stream="demo",rendition="v480"} 2',
    'streaming_published_bytes_total{stream="demo",rendition="v480"} 70000',
    'streaming_part_publish_delay_seconds_bucket{stream="demo",le="0.005"} 2',
    'streaming_streams_cleaned_total 1',
    'streaming_copied_parts_total{stream="demo"} 2',
    'streaming_copied_bytes_total{stream="demo"} 900',
    'streaming_copied_part_delay_seconds_bucket{stream="demo",le="0.025"} 1',
    'streaming_viewers{stream="demo"} 1',
    'streaming_egress_bytes_total{stream="demo"} 70300',
    'streaming_response_seconds_count{stream="demo",kind="part"} 1',
    'streaming_requests_total{status="200"} 1',
  ])
    expect(lines).toContain(sample)
})

test('media and its ffmpeg are measured, and nobody else', async () => {
  const measure = processUse()
  const alone = measure()
  expect(alone.ffmpegProcesses).toBe(0)
  const children = [
    spawn('ffmpeg', ['-v', 'error', '-nostdin', '-f', 'lavfi', '-i', 'testsrc2', '-f', 'null', '-']),
    spawn(process.execPath, ['-e', 'for (;;);']),
  ]
  onTestFinished(() => {
    for (const child of children) child.kill('SIGKILL')
  })
  await vi.waitFor(
    () => {
      const together = measure()
      expect(together.ffmpegProcesses).toBe(1)
      expect(together.memoryBytes).toBeGreaterThan(alone.memoryBytes + 10e6)
      expect(together.cpuPercent).toBeGreaterThan(5)
    },
    { timeout: 15_000, interval: 200 },
  )
}, 20_000)
