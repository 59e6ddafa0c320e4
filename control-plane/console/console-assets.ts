import { publishAssets } from '../look/assets.ts'

export const consoleAssets = publishAssets({
  'console.css': new URL('console.css', import.meta.url),
  'console-head.css': new URL('console-head.css', import.meta.url),
  'console-tables.css': new URL('console-tables.css', import.meta.url),
  'console-fleet.css': new URL('console-fleet.css', import.meta.url),
  'console-alerts.css': new URL('console-alerts.css', import.meta.url),
  'console-forms.css': new URL('console-forms.css', import.meta.url),
  'console-charts.css': new URL('console-charts.css', import.meta.url),
  'charts.ts': new URL('charts.ts', import.meta.url),
  'uplot.js': new URL('uPlot.esm.js', import.meta.resolve('uplot')),
  'console-page.ts': new URL('console-page.ts', import.meta.url),
})
