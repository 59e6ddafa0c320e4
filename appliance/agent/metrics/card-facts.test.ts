import { mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { expect, onTestFinished, test } from 'vitest'
import { cardFacts, parseMountInfo, wearOf } from './card-facts.ts'

test('a mount is found with its device, spaces too, and the last of two covers the first', () => {
  const text =
    '22 1 179:2 / / rw - ext4 /dev/root rw\n40 22 8:1 / /media/my\\040disk rw - ext4 /dev/sda1 rw\n41 22 8:2 / / rw - ext4 /dev/sda2 rw'
  expect([...parseMountInfo(text)]).toEqual([
    ['/', '8:2'],
    ['/media/my disk', '8:1'],
  ])
})

test.each([
  ['0x02 0x04\n', { wornPercent: 30 }],
  ['0x01 0x01\n', { wornPercent: 0 }],
  ['0x0b 0x01', { wornPercent: 100 }],
  ['0x00 0x00', {}],
  ['', {}],
])('a memory that says %j of its life', (text, told) => {
  expect(wearOf(text)).toEqual(told)
})

test('what is written is told per second from the second look on, by the clock between them', async () => {
  const [folder, at] = [await mkdtemp(`${tmpdir()}/card-`), { ms: 0 }]
  onTestFinished(() => rm(folder, { recursive: true }))
  for (const path of ['self', 'dev/block/179:2', 'dev/block/device'])
    await mkdir(`${folder}/${path}`, { recursive: true })
  await writeFile(`${folder}/self/mountinfo`, '22 1 179:2 / / rw - ext4 /dev/root rw\n')
  await writeFile(`${folder}/dev/block/device/life_time`, '0x03 0x01\n')
  const look = cardFacts({ proc: folder, sys: folder, now: () => at.ms })
  const written = (sectors: number) =>
    writeFile(`${folder}/dev/block/179:2/stat`, `   10  0  80  5  20  0  ${sectors}  9  0  5  14\n`)
  await written(1000)
  expect((await look(['/', '/tmpfs'])).get('/')).toEqual({ wornPercent: 20 })
  await written(3000)
  at.ms = 10_000
  expect((await look(['/'])).get('/')).toEqual({ writtenBytesPerSecond: 102_400, wornPercent: 20 })
  await written(5)
  at.ms = 20_000
  expect((await look(['/'])).get('/')).toEqual({ wornPercent: 20 })
})
