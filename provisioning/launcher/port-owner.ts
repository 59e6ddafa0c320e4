import { readdirSync, readFileSync, readlinkSync } from 'node:fs'
import { basename } from 'node:path'

type PortOwner = { pid: number; program: string }

/** Who listens where a fleet wants to listen. Absent when the kernel does not tell us, because it is another user's process. */
export function portOwner(address: string, port: number): PortOwner | undefined {
  const inodes = ['/proc/net/tcp', '/proc/net/tcp6'].flatMap((file) =>
    listeners(readOr(file, ''))
      .filter((listener) => listener.port === port && collides(listener.address, address))
      .map(({ inode }) => `socket:[${inode}]`),
  )
  const pid = pids().find((each) => openFiles(each).some((file) => inodes.includes(file)))
  return pid === undefined ? undefined : { pid, program: programOf(pid) }
}

/** By its file: what a process calls itself can be anything (Node says MainThread). */
function programOf(pid: number): string {
  return basename(linkOr(`/proc/${pid}/exe`)) || readOr(`/proc/${pid}/comm`, 'a program').trim()
}

/** The listening sockets of /proc/net/tcp or tcp6. */
export function listeners(table: string): { address: string; port: number; inode: string }[] {
  return table
    .split('\n')
    .slice(1)
    .map((line) => line.trim().split(/\s+/))
    .filter((fields) => fields[3] === LISTENING)
    .map((fields) => {
      const [address = '', port = ''] = (fields[1] ?? '').split(':')
      return { address: readAddress(address), port: Number.parseInt(port, 16), inode: fields[9] ?? '' }
    })
}

const LISTENING = '0A'

/** Each group of four bytes stands there in the machine's order, which is the little end first on all we run on. */
function readAddress(hex: string): string {
  const words = (hex.match(/.{8}/g) ?? []).map((word) => (word.match(/../g) ?? []).reverse().join(''))
  const bytes = words.join('')
  if (bytes.length === 8) return (bytes.match(/../g) ?? []).map((byte) => Number.parseInt(byte, 16)).join('.')
  const groups = bytes.match(/.{4}/g) ?? []
  return new URL(`http://[${groups.join(':')}]`).hostname.slice(1, -1) // in the short form in which people write it
}

/** A wildcard takes the port on every address, `::` those of IPv4 too. */
function collides(taken: string, wanted: string): boolean {
  return taken === wanted || taken === '0.0.0.0' || taken === '::'
}

function pids(): number[] {
  return readdirSync('/proc')
    .filter((name) => /^\d+$/.test(name))
    .map(Number)
}

function openFiles(pid: number): string[] {
  try {
    return readdirSync(`/proc/${pid}/fd`).map((fd) => linkOr(`/proc/${pid}/fd/${fd}`))
  } catch {
    return []
  }
}

function linkOr(path: string): string {
  try {
    return readlinkSync(path)
  } catch {
    return ''
  }
}

function readOr(file: string, otherwise: string): string {
  try {
    return readFileSync(file, 'utf8')
  } catch {
    return otherwise
  }
}
