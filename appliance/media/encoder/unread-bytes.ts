import { readdirSync, readFileSync, readlinkSync } from 'node:fs'

/**
 * How much of what was sent to a process over TCP it has not read yet; undefined if it is gone, or has no such connection.
 * What falls behind leaves its input lying; what waits for a slow sender does not.
 */
export function unreadBytes(pid: number): number | undefined {
  try {
    const own = socketsOf(pid)
    const queues = ['tcp', 'tcp6'].flatMap((table) => receiveQueues(`/proc/${pid}/net/${table}`, own))
    return queues.length ? queues.reduce((sum, bytes) => sum + bytes, 0) : undefined
  } catch {
    return undefined
  }
}

function socketsOf(pid: number): Set<string> {
  const folder = `/proc/${pid}/fd`
  const targets = readdirSync(folder).map((fd) => readlinkSync(`${folder}/${fd}`))
  return new Set(targets.flatMap((target) => /^socket:\[(\d+)\]$/.exec(target)?.[1] ?? []))
}

/** proc(5), /proc/net/tcp: the fifth column is `tx_queue:rx_queue` in hexadecimal, the tenth the socket's inode. */
function receiveQueues(table: string, inodes: Set<string>): number[] {
  const rows = readFileSync(table, 'latin1').split('\n').slice(1)
  return rows.flatMap((row) => {
    const columns = row.trim().split(/\s+/)
    return inodes.has(columns[9] ?? '') ? Number.parseInt(columns[4]?.split(':')[1] ?? '', 16) : []
  })
}
