import { createHash } from 'node:crypto'
import { accessSync, constants, lstatSync, mkdirSync, realpathSync, statfsSync, statSync } from 'node:fs'
import { dirname, resolve } from 'node:path'
import { getuid } from 'node:process'
import { MOST_NODES } from './launch-options.ts'
import { errorCode, Refusal } from './refusal.ts'

export type StateFolders = ReturnType<typeof stateFolders>

/** Below these a fleet would start and die soon after. */
const DISK_BYTES = 150e6
const MEMORY_BYTES = 200e6
/** MariaDB gives up a little above it. */
const LONGEST_STATE_PATH = 400
/** What the kernel takes for a socket. */
const LONGEST_SOCKET_PATH = 107

interface Elsewhere {
  memory?: string
  /** Several fleets may share one. */
  compileCache?: string | undefined
}

/** Opens the state folder and the one for what lives only while the fleet runs. */
export function openStateFolders(wanted: string, { memory = '/dev/shm', compileCache }: Elsewhere = {}) {
  const state = openStateFolder(wanted)
  const folders = stateFolders(state, runtimeFolder(state, memory))
  folders.compileCache = compileCache ?? folders.compileCache
  refuseLongSockets(folders)
  for (const folder of [folders.logs, folders.run]) mkdirSync(folder, { recursive: true, mode: 0o700 })
  return folders
}

/** Where everything lies. Sockets are in the runtime folder because their paths must be short. */
export function stateFolders(state: string, run: string) {
  return {
    state,
    run,
    logs: `${state}/logs`,
    compileCache: `${state}/compile-cache`,
    database: `${state}/database`,
    databaseSocket: `${run}/database.sock`,
    relay: `${run}/relay`,
    problems: `${run}/problems.conf`,
    lookup: `${run}/lookup.conf`,
    live: `${run}/live.conf`,
    settings: `${state}/settings.json`,
    known: `${state}/known.json`,
    demoKey: `${state}/demo.key`,
    units: `${state}/units.json`,
    lock: `${state}/lock`,
    node: (n: number) => ({
      media: `${state}/node-${n}/media`,
      agent: `${state}/node-${n}/agent`,
      claim: `${state}/node-${n}/agent/claim`,
      run: `${run}/node-${n}`,
      live: `${run}/node-${n}/live`,
      nginx: `${run}/node-${n}/nginx`,
      mediaSocket: `${run}/node-${n}/media.sock`,
      agentSocket: `${run}/node-${n}/agent.sock`,
      rtmpSocket: `${run}/node-${n}/rtmp.sock`,
    }),
  }
}

function openStateFolder(wanted: string): string {
  refuseLongPath(wanted)
  try {
    makeFolder(wanted)
    accessSync(wanted, constants.W_OK | constants.X_OK)
  } catch (error) {
    const isFile = errorCode(error) === 'EEXIST' || errorCode(error) === 'ENOTDIR'
    if (errorCode(error) === 'ENAMETOOLONG')
      throw new Refusal(
        `The path of the state folder is too long: a name in it has more than 255 bytes. Choose another with --state.`,
      )
    if (errorCode(error) === 'ENOSPC') throw new Refusal(`The disk is full: ${wanted} cannot be made.`)
    throw new Refusal(
      `${wanted} ${isFile ? 'is not a folder' : 'cannot be written'}: choose another with --state.`,
    )
  }
  if (freeBytes(wanted) < DISK_BYTES)
    throw new Refusal(
      `There is not enough space in ${wanted}: ${Math.floor(freeBytes(wanted) / 1e6)} MB are free, ${DISK_BYTES / 1e6} MB are needed.`,
    )
  const state = realpathSync(wanted)
  refuseLongPath(state)
  return state
}

/** Not Node's own recursive mkdir: that tries for ever in a folder that takes no new ones, as /proc is. */
function makeFolder(path: string): void {
  if (isFolder(path)) return
  if (dirname(path) !== path) makeFolder(dirname(path))
  try {
    mkdirSync(path, { mode: 0o700 })
  } catch (error) {
    if (!isFolder(path)) throw error // or else another launcher has just made it
  }
}

const isFolder = (path: string) => statSync(path, { throwIfNoEntry: false })?.isDirectory() === true

function refuseLongPath(path: string): void {
  const bytes = Buffer.byteLength(resolve(path))
  if (bytes > LONGEST_STATE_PATH)
    throw new Refusal(
      `The path of the state folder is too long: it has ${bytes} bytes, and the database takes no more than ${LONGEST_STATE_PATH}. Choose a shorter one with --state.`,
    )
}

/** Only where they have to be in the state folder can they be too long. */
function refuseLongSockets({ state, run, node }: StateFolders): void {
  const tooMany = Buffer.byteLength(node(MOST_NODES).mediaSocket) - LONGEST_SOCKET_PATH
  if (tooMany > 0)
    throw new Refusal(
      `The path of the state folder is too long: without room in /dev/shm the sockets are in ${run}, and the kernel takes no more than ${LONGEST_SOCKET_PATH} bytes for a socket. Make some room there, or choose a path that is ${tooMany} bytes shorter than ${state} with --state.`,
    )
}

/** Live video belongs into memory. The name is known to everybody on the machine, so what stands there must be ours. */
function runtimeFolder(state: string, memory: string): string {
  const folder = `${memory}/sixcast-${createHash('sha256').update(state).digest('hex').slice(0, 8)}`
  try {
    if (freeBytes(memory) < MEMORY_BYTES) return `${state}/run`
    mkdirSync(folder, { recursive: true, mode: 0o700 })
    const { uid, mode } = lstatSync(folder)
    const ours = uid === getuid?.() && (mode & 0o077) === 0 && statSync(folder).isDirectory()
    return ours ? folder : `${state}/run`
  } catch {
    return `${state}/run` // no such memory here, or not for us
  }
}

function freeBytes(folder: string): number {
  const { bavail, bsize } = statfsSync(folder)
  return bavail * bsize
}
