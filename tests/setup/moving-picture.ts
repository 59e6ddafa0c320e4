import type { Page } from 'playwright-core'
import { eventually } from '../system/eventually.ts'

export const timeOf = async (page: Page): Promise<number> =>
  Number(await page.evaluate("document.querySelector('video').currentTime"))

/** That it plays: half a second of it, one after the other. */
export async function moves(page: Page, withinMs = 10_000) {
  const differs = async (from: number, by: number) => {
    const time = await timeOf(page)
    if (Math.abs(time - from) <= by) throw new Error(`the picture stands at ${time}`)
    return time
  }
  const before = await timeOf(page)
  const begun = await eventually(() => differs(before, 0), withinMs)
  await eventually(() => differs(begun.found, 0.5), withinMs)
}
