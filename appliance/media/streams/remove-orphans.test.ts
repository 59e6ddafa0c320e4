import { existsSync, mkdirSync, mkdtempSync, rmSync, utimesSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { expect, onTestFinished, test } from 'vitest'
import { removeOrphans } from './remove-orphans.ts'

const [known, orphan, young] = ['saaaaaaaaaaaa', 'sbbbbbbbbbbbb', 'scccccccccccc'] as const

test('what belongs to no session any more is removed and counted; what is known, or young, stays', () => {
  const live = mkdtempSync(join(tmpdir(), 'orphans-'))
  onTestFinished(() => rmSync(live, { recursive: true }))
  for (const session of [known, orphan, young, 'holidays']) {
    const folder = join(live, 'cam', session)
    mkdirSync(join(folder, 'v360'), { recursive: true })
    for (const file of ['1-1.m4s', '1-2.m4s', 'init-a.mp4']) writeFileSync(join(folder, 'v360', file), '')
    if (session !== young) utimesSync(folder, 1, 1)
  }
  expect(removeOrphans(live, (session) => session === known)).toBe(2)
  const stays = (folder: string) => existsSync(join(live, 'cam', folder))
  expect([known, orphan, young].map(stays)).toEqual([true, false, true])
  expect(stays('holidays'), 'what is no session is not ours').toBe(true)
})
