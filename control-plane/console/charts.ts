// Runs in the browser, sent with its types stripped: what it imports are types.
import type uPlotClass from 'uplot'
import type { ToldHistory } from '../history/told-history.ts'

type Plot = uPlotClass
type Section = { element: HTMLElement; names: string[]; plot?: Plot }

const LEAST_PAUSE_MS = 15_000
const HEIGHT = 160
const DAY = 86_400

const root = document.querySelector<HTMLElement>('[data-charts]')
const notice = document.querySelector<HTMLElement>('[data-adrift]')
const sections: Section[] = [...(root?.querySelectorAll<HTMLElement>('.chart') ?? [])].map((element) => ({
  element,
  names: (element.dataset.series ?? '').split(','),
}))
let told: ToldHistory | undefined

if (root && sections.length > 0) void start(root)
else if (root) setInterval(() => void appear(root), LEAST_PAUSE_MS)

/** A node that is new has nothing to draw before its first minute is over. */
async function appear({ dataset }: HTMLElement) {
  await readAnew(dataset.charts ?? '')
  if (told && told.series.length > 0) location.reload()
}

async function start({ dataset }: HTMLElement) {
  const { default: uPlot } = await import(dataset.uplot ?? '')
  const seconds = Number(dataset.seconds)
  const drawAll = () => {
    for (const section of sections) if (told) draw(uPlot, section, told, seconds)
  }
  await readAnew(dataset.charts ?? '')
  drawAll()
  setInterval(
    async () => {
      if (document.hidden) return
      await readAnew(dataset.charts ?? '')
      for (const section of sections) if (told) renew(section, told)
    },
    Math.max(LEAST_PAUSE_MS, (told?.stepSeconds ?? 0) * 1000),
  )
  new ResizeObserver(() => {
    for (const { element, plot } of sections) plot?.setSize({ width: widthOf(element), height: HEIGHT })
  }).observe(document.body)
  const observer = new MutationObserver(drawAll)
  observer.observe(document.documentElement, { attributeFilter: ['data-theme'] })
  matchMedia('(prefers-color-scheme: dark)').addEventListener('change', drawAll)
}

async function readAnew(url: string) {
  try {
    const response = await fetch(url)
    if (response.ok) told = (await response.json()) as ToldHistory
    if (notice) notice.hidden = response.ok
  } catch {
    if (notice) notice.hidden = false // what is there stays
  }
}

const widthOf = (element: HTMLElement) => Math.floor(element.clientWidth)

/** Mean and most of each series: the most as a shade above the line. */
function dataOf({ times, series }: ToldHistory, names: string[]): uPlotClass.AlignedData {
  const columns = names.flatMap((name) => {
    const { mean = [], most = [] } = series.find((each) => each.name === name) ?? {}
    return [most, mean]
  })
  return [times, ...columns] as uPlotClass.AlignedData
}

function draw(uPlot: typeof uPlotClass, section: Section, history: ToldHistory, seconds: number) {
  const { element, names } = section
  section.plot?.destroy()
  const plotted = element.querySelector<HTMLElement>('.plot')
  if (!plotted) return
  const unit = history.series.find(({ name }) => name === names[0])?.unit ?? ''
  section.plot = new uPlot(optionsOf({ section, history, seconds, unit }), dataOf(history, names), plotted)
}

function renew({ plot, names }: Section, history: ToldHistory) {
  plot?.setData(dataOf(history, names), false)
  plot?.setScale('x', { min: Date.parse(history.from) / 1000, max: Date.parse(history.until) / 1000 })
}

type Drawn = { section: Section; history: ToldHistory; seconds: number; unit: string }

function optionsOf({ section, history, seconds, unit }: Drawn): uPlotClass.Options {
  const { element, names } = section
  const [ink, quiet, line] = [colour('--ink'), colour('--ink-quiet'), colour('--line')]
  const inks = [ink, colour('--accent-ink')]
  const font = `12px ${getComputedStyle(document.body).fontFamily}`
  const axis = { stroke: quiet, font, grid: { stroke: line, width: 1 }, ticks: { show: false } }
  return {
    width: widthOf(element),
    height: HEIGHT,
    padding: [8, 8, 0, 0],
    legend: { show: false },
    cursor: { sync: { key: 'node' }, drag: { x: false, y: false }, points: { size: 6 } },
    scales: {
      x: { min: Date.parse(history.from) / 1000, max: Date.parse(history.until) / 1000 },
      y: { range: (_, lowest, highest) => [Math.min(0, 1.15 * (lowest ?? 0)), topOf(highest, unit)] },
    },
    axes: [
      { ...axis, values: (_, times) => times.map((at) => timeWords(at, seconds)), space: 80, size: 28 },
      {
        ...axis,
        size: 44,
        values: (_, values) => values.map((value) => `${value}`),
        incrs: unit === '' ? [1, 2, 5, 10, 20, 50, 100, 200, 500, 1000] : undefined,
      },
    ] as uPlotClass.Axis[],
    series: [
      {},
      ...names.flatMap((_, index) => [
        { stroke: 'transparent', points: { show: false } },
        { stroke: inks[index], width: 1.5 },
      ]),
    ] as uPlotClass.Series[],
    bands: names.map((_, index) => ({
      series: [2 * index + 1, 2 * index + 2],
      fill: shade(inks[index] ?? ink),
    })),
    hooks: {
      setCursor: [(plot) => read(plot, section)],
      draw: [(plot) => label(plot, names, inks), (plot) => tick(plot, colour('--accent'))],
    },
  }
}

/** Percents are of a whole, unless they are few. */
const topOf = (highest: number | null, unit: string) =>
  unit === '%' && (highest ?? 0) > 20 ? 100 : Math.max(unit === '%' ? 20 : 1, (highest ?? 0) * 1.15)

const shade = (ink: string) => `color-mix(in oklab, ${ink} 16%, transparent)`

/** As the page shows it now, light or dark. */
function colour(name: string): string {
  const probe = document.body.appendChild(document.createElement('i'))
  probe.style.color = `var(${name})`
  const { color } = getComputedStyle(probe)
  probe.remove()
  return color
}

/** Each line is called by its name at its end; two that end close to each other make room. */
function label(plot: Plot, names: string[], inks: string[]) {
  if (names.length < 2) return
  const { ctx, bbox } = plot
  const scale = devicePixelRatio
  ctx.save()
  ctx.font = `${12 * scale}px ${getComputedStyle(document.body).fontFamily}`
  ctx.textAlign = 'right'
  const heights: number[] = []
  for (const [index, name] of names.entries()) {
    const series = told?.series.find((each) => each.name === name)
    const last = series?.mean.findLast((value) => value !== null)
    if (!series || typeof last !== 'number') continue
    const top = bbox.top + 12 * scale
    const wanted = Math.max(top, plot.valToPos(last, 'y', true) - 6 * scale)
    const isTaken = (at: number) => heights.some((other) => Math.abs(other - at) < 14 * scale)
    // Above the line if there is room, else below it.
    const height = [wanted, wanted - 14 * scale, wanted + 14 * scale].find((at) => at >= top && !isTaken(at))
    heights.push(height ?? wanted)
    ctx.fillStyle = inks[index] ?? ''
    ctx.fillText(series.words, bbox.left + bbox.width - 4 * scale, height ?? wanted)
  }
  ctx.restore()
}

/** What happened stands on the axis of time. */
function tick(plot: Plot, ink: string) {
  const { ctx, bbox } = plot
  const size = 4 * devicePixelRatio
  ctx.save()
  ctx.fillStyle = ink
  for (const { at } of told?.events ?? []) {
    const [x, y] = [plot.valToPos(at, 'x', true), bbox.top + bbox.height]
    ctx.beginPath()
    ctx.moveTo(x - size, y)
    ctx.lineTo(x + size, y)
    ctx.lineTo(x, y - 2 * size)
    ctx.fill()
  }
  ctx.restore()
}

/** Those that the pointer is on. */
function eventsNear(plot: Plot): string[] {
  const left = plot.cursor.left ?? 0
  return (told?.events ?? [])
    .filter(({ at }) => Math.abs(plot.valToPos(at, 'x') - left) < 6)
    .map(({ at, words }) => `${full.format(at * 1000)} ${words}`)
}

/** Time and values under the pointer, in all charts at once. */
function read(plot: Plot, { element, names }: Section) {
  const reading = element.querySelector('.reading')
  const at = plot.cursor.idx
  const time = typeof at === 'number' ? told?.times[at] : undefined
  if (!reading) return
  if (typeof at !== 'number' || time === undefined || (plot.cursor.left ?? -1) < 0) {
    reading.textContent = ''
    return
  }
  const values = names.flatMap((name) => {
    const series = told?.series.find((each) => each.name === name)
    const [mean, most] = [series?.mean[at], series?.most[at]]
    if (!series || typeof mean !== 'number') return []
    const peak = typeof most === 'number' && most > mean ? ` (most ${figure(most)})` : ''
    return [
      `${names.length > 1 ? `${series.words} ` : ''}${figure(mean)}${series.unit ? ` ${series.unit}` : ''}${peak}`,
    ]
  })
  const near = eventsNear(plot)
  const measured = values.length ? values : ['nothing was measured']
  reading.textContent = near.length ? near.join(' ') : [moment(time), ...measured].join(' · ')
}

const figure = (value: number) => (value < 10 ? value.toFixed(1).replace(/\.0$/, '') : value.toFixed(0))

const clock = new Intl.DateTimeFormat('en-GB', { hour: '2-digit', minute: '2-digit' })
const day = new Intl.DateTimeFormat('en-GB', { day: 'numeric', month: 'short' })
const full = new Intl.DateTimeFormat('en-GB', {
  day: 'numeric',
  month: 'short',
  hour: '2-digit',
  minute: '2-digit',
  second: '2-digit',
})
const timeWords = (at: number, seconds: number) => (seconds <= DAY ? clock : day).format(at * 1000)
const moment = (at: number) => full.format(at * 1000)
