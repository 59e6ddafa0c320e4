import { mkdir, mkdtemp, rm, symlink, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { dirname, join } from 'node:path'
import { expect, onTestFinished, test } from 'vitest'
import { type HardwareFacts, hardwareFingerprint, readHardwareFacts } from './hardware-fingerprint.ts'

const pi: HardwareFacts = { boardSerial: '10000000abcdef01', cards: ['b8:27:eb:12:34:56'], machineId: 'a' }

test('a new card or a copied disk leaves the machine the same; another board does not', () => {
  const fingerprint = hardwareFingerprint(pi)
  expect(fingerprint).toMatch(/^[A-Za-z0-9_-]{43}$/)
  expect(hardwareFingerprint({ ...pi, cards: [], machineId: 'b' })).toBe(fingerprint)
  expect(hardwareFingerprint({ ...pi, boardSerial: '10000000abcdef02' })).not.toBe(fingerprint)
})

test.each(['00000000-0000-0000-0000-000000000000', 'To be filled by O.E.M.', 'Default string', 'None'])(
  'the number «%s» that all boards of a maker carry is none',
  (productUuid) => {
    const cards = ['b8:27:eb:12:34:56']
    expect(hardwareFingerprint({ productUuid, cards })).toBe(hardwareFingerprint({ cards }))
  },
)

test('cards count in any order', () => {
  expect(hardwareFingerprint({ cards: ['a', 'b'] })).toBe(hardwareFingerprint({ cards: ['b', 'a'] }))
})

test('facts are read where the kernel tells them, cards only when they are built in', async () => {
  const root = await mkdtemp(join(tmpdir(), 'sixcast-hardware-'))
  onTestFinished(() => rm(root, { recursive: true }))
  const put = async (path: string, text: string) => {
    await mkdir(join(root, dirname(path)), { recursive: true })
    await writeFile(join(root, path), text)
  }
  const putCard = async (name: string, device: string, addressType: string, address: string) => {
    await put(`sys/class/net/${name}/addr_assign_type`, addressType)
    await put(`sys/class/net/${name}/address`, address)
    await symlink(device, join(root, `sys/class/net/${name}/device`))
  }
  await put('proc/device-tree/serial-number', '10000000abcdef01\0')
  await put('etc/machine-id', 'abc\n')
  await put('sys/class/net/lo/address', '00:00:00:00:00:00\n')
  await putCard('eth0', '../../../fd580000.ethernet', '0\n', 'b8:27:eb:12:34:56\n')
  await putCard('eth1', '../../../1-1.3:1.0', '0\n', '00:e0:4c:00:00:01\n')
  await putCard('wlan0', '../../../mmc1:0001:1', '3\n', '02:11:22:33:44:55\n')
  expect(await readHardwareFacts(root)).toEqual({
    boardSerial: '10000000abcdef01',
    machineId: 'abc',
    cards: ['b8:27:eb:12:34:56'],
  })
})
