import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { dirname, join } from 'node:path'
import { expect, test } from 'vitest'
import { throttling } from './throttling.ts'

const PI = 'devices/platform/soc/soc:firmware/get_throttled'

test.each<[string, Record<string, string>, string | undefined]>([
  ['a machine that says nothing', {}, undefined],
  ['a cool machine', { 'class/thermal/thermal_zone0/temp': '60000\n', [PI]: '0\n' }, undefined],
  [
    'a hot one',
    { 'class/thermal/thermal_zone0/temp': '40000', 'class/thermal/thermal_zone1/temp': '91234' },
    'its processor has 91 °C',
  ],
  ['a Pi on a weak supply', { [PI]: '50005\n' }, 'its power supply is too weak'],
  ['a Pi that is slowed down', { [PI]: '4' }, 'its processor is slowed down'],
  ['a Pi that was slowed down once', { [PI]: '40000' }, undefined],
])('%s', (_, files, why) => {
  const sys = mkdtempSync(join(tmpdir(), 'sys-'))
  for (const [path, content] of Object.entries(files)) {
    mkdirSync(dirname(join(sys, path)), { recursive: true })
    writeFileSync(join(sys, path), content)
  }
  expect(throttling(sys)).toBe(why)
  rmSync(sys, { recursive: true })
})
