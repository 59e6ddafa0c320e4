import { parseArgs } from 'node:util'
import { chromium } from 'playwright-core'
import { describe } from '../../shared/runtime/log.ts'
import { repeat } from '../../shared/runtime/repeat.ts'
import { CHROMIUM } from './chromium.ts'
import { recordViewing } from './viewer-recorder.ts'

// Run at a viewer's place: a real browser opens the watch page and stays there. Says what it sees, a line of JSON each time.

const LOOK_EVERY_MS = 200

const { values } = parseArgs({ options: { page: { type: 'string' }, behind: { type: 'string' } } })
const behind = values.behind === undefined ? undefined : Number(values.behind)

const browser = await chromium.launch(CHROMIUM)
const page = await browser.newPage()
await page.addInitScript(recordViewing, { behind })
await page.goto(values.page ?? '')

const ended = new AbortController()
browser.on('disconnected', () => ended.abort())
process.stdout.on('error', () => void browser.close()) // nobody listens any more
await repeat(LOOK_EVERY_MS, look, ended.signal, (error) => process.stderr.write(`${describe(error)}\n`))

async function look() {
  process.stdout.write(`${JSON.stringify(await page.evaluate(() => window.takeGlance()))}\n`)
}
