/** Each bucket holds the ones before it. */
export type HistogramReading = { buckets: { upTo: number; count: number }[]; sum: number; count: number }
type Labels = Record<string, string | number>
export type Metric = { name: string; help: string } & (
  | { type: 'gauge' | 'counter'; samples: { labels?: Labels; value: number }[] }
  | { type: 'histogram'; samples: { labels?: Labels; reading: HistogramReading }[] }
)

export const PROMETHEUS_TEXT = 'text/plain; version=0.0.4; charset=utf-8'

/** Metrics in Prometheus's text format, https://prometheus.io/docs/instrumenting/exposition_formats. */
export function prometheusText(metrics: Metric[]): string {
  return metrics
    .filter(({ samples }) => samples.length > 0)
    .flatMap((metric) => [
      `# HELP ${metric.name} ${escaped(metric.help)}`,
      `# TYPE ${metric.name} ${metric.type}`,
      ...(metric.type === 'histogram'
        ? metric.samples.flatMap(({ labels, reading }) => histogramLines(metric.name, labels, reading))
        : metric.samples.map(({ labels, value }) => line(metric.name, labels, value))),
    ])
    .map((text) => `${text}\n`)
    .join('')
}

function histogramLines(name: string, labels: Labels | undefined, { buckets, sum, count }: HistogramReading) {
  return [
    ...buckets.map((bucket) => line(`${name}_bucket`, { ...labels, le: number(bucket.upTo) }, bucket.count)),
    line(`${name}_sum`, labels, sum),
    line(`${name}_count`, labels, count),
  ]
}

function line(name: string, labels: Labels = {}, value: number): string {
  const pairs = Object.entries(labels).map(([label, text]) => `${label}="${quoted(String(text))}"`)
  return `${name}${pairs.length === 0 ? '' : `{${pairs.join(',')}}`} ${number(value)}`
}

const number = (value: number) => (value === Infinity ? '+Inf' : String(value))

const escaped = (text: string) => text.replaceAll('\\', '\\\\').replaceAll('\n', '\\n')

const quoted = (text: string) => escaped(text).replaceAll('"', '\\"')
