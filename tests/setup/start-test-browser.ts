import { mkdtempSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { type Browser, chromium } from 'playwright-core'
import { CHROMIUM } from '../../provisioning/lab/chromium.ts'

type At = {
  /** The command that runs another where the viewer is. */
  inside?: (command: string[]) => string[]
}

/** A real Chromium, like the one of the lab’s viewers. */
export function startTestBrowser({ inside }: At = {}): Promise<Browser> {
  const { executablePath } = CHROMIUM
  return chromium.launch({
    ...CHROMIUM,
    executablePath: inside ? programOf(inside([executablePath])) : executablePath,
  })
}

/** Playwright starts a program, no command; it speaks to it by pipes, which lead anywhere. */
function programOf(command: string[]): string {
  const file = join(mkdtempSync(join(tmpdir(), 'browser-')), 'chromium')
  const words = command.map((word) => `'${word}'`).join(' ')
  writeFileSync(file, `#!/bin/sh\nexec ${words} "$@"\n`, { mode: 0o700 })
  return file
}
