import { mkdtempSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { type Browser, chromium } from 'playwright-core'

const CHROMIUM = '/usr/bin/chromium'

type At = {
  /** The command that runs another where the viewer is. */
  inside?: (command: string[]) => string[]
}

/** A real Chromium, which sees the pages as a viewer does: its rules for starting with sound stand. */
export function startTestBrowser({ inside }: At = {}): Promise<Browser> {
  return chromium.launch({
    executablePath: inside ? programOf(inside([CHROMIUM])) : CHROMIUM,
    args: [
      ...['--no-sandbox', '--disable-gpu', '--disable-quic', '--no-first-run'],
      ...['--disable-background-networking', '--disable-component-update', '--disable-sync'],
    ],
  })
}

/** Playwright starts a program, no command; it speaks to it by pipes, which lead anywhere. */
function programOf(command: string[]): string {
  const file = join(mkdtempSync(join(tmpdir(), 'browser-')), 'chromium')
  const words = command.map((word) => `'${word}'`).join(' ')
  writeFileSync(file, `#!/bin/sh\nexec ${words} "$@"\n`, { mode: 0o700 })
  return file
}
