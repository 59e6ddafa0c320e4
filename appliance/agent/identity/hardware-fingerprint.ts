import { createHash } from 'node:crypto'
import { readdir, readFile, readlink } from 'node:fs/promises'
import { join } from 'node:path'

/** What names this very machine. Not the machine-id, unless there is nothing else: it is copied along with a disk. */
export type HardwareFacts = {
  /** Of a Raspberry Pi and its like. */
  boardSerial?: string
  /** Of a PC's firmware; readable for root only. */
  productUuid?: string
  /** Burnt-in addresses of network cards that are not plugged into USB. */
  cards: string[]
  machineId?: string
}

/**
 * The best fact alone, hashed: adding a card or a disk must not make another machine of it. The hash tells nobody the serial
 * number. The control plane keeps it; nothing compares two of them yet.
 */
export function hardwareFingerprint({ boardSerial, productUuid, cards, machineId }: HardwareFacts): string {
  if (boardSerial && !isPlaceholder(boardSerial)) return hashed('board', boardSerial)
  if (productUuid && !isPlaceholder(productUuid)) return hashed('product', productUuid)
  if (cards.length > 0) return hashed('cards', cards.toSorted().join(' '))
  return hashed('machine-id', machineId ?? 'unknown')
}

export async function readHardwareFacts(root = '/'): Promise<HardwareFacts> {
  const [boardSerial, productUuid, machineId] = await Promise.all([
    word(join(root, 'proc/device-tree/serial-number')),
    word(join(root, 'sys/class/dmi/id/product_uuid')),
    word(join(root, 'etc/machine-id')),
  ])
  return {
    ...(boardSerial && { boardSerial }),
    ...(productUuid && { productUuid }),
    ...(machineId && { machineId }),
    cards: await burntInAddresses(join(root, 'sys/class/net')),
  }
}

/** Boards without a number of their own carry one of these, all alike. */
function isPlaceholder(serial: string): boolean {
  return /^[0f-]+$|o\.?e\.?m|default|none|^03000200-0400-0500-0006-000700080009$/i.test(serial)
}

function hashed(kind: string, value: string): string {
  return createHash('sha256').update(`sixcast hardware\n${kind}\n${value.toLowerCase()}`).digest('base64url')
}

async function burntInAddresses(folder: string): Promise<string[]> {
  const names = await readdir(folder).catch(() => [])
  const found = await Promise.all(names.map((name) => burntInAddress(join(folder, name))))
  return found.filter((address) => address !== undefined)
}

async function burntInAddress(card: string): Promise<string | undefined> {
  const device = await readlink(join(card, 'device')).catch(() => undefined) // a bridge or tunnel has none
  if (device === undefined || isUsb(device)) return undefined
  if ((await word(join(card, 'addr_assign_type'))) !== '0') return undefined // drawn by chance or set by hand
  return word(join(card, 'address'))
}

/** The kernel names USB devices by bus, ports, configuration and interface: 1-1.3:1.0. */
const isUsb = (device: string) => /\/\d+-[\d.]+:\d+\.\d+$/.test(device)

/** A file's one word, without the zero byte a device tree ends with. Absent when missing, not allowed or empty. */
async function word(path: string): Promise<string | undefined> {
  const text = await readFile(path, 'utf8').catch(() => '')
  return text.replaceAll('\0', '').trim() || undefined
}
