import { cpSync, mkdirSync, writeFileSync } from 'node:fs'
import { bringUp } from '../launcher/readiness.ts'
import type { Guest } from './guests.ts'
import { cameraFile, cameraName, cloneFolder } from './lab-units.ts'
import type { Lab } from './start-lab.ts'
import { nodeName } from './topology.ts'

/** Kills units and starts them again. It knows what was killed, so that all of it can be healed. */
export function switchUnits({ running, commands, folders, network }: Lab) {
  const down = new Set<string>()

  return {
    down: () => [...down],

    /** As a cut cable or a crash would: nobody is asked to say good-bye. */
    async kill(units: string[]): Promise<string> {
      const killed = units.filter(running.isStarted)
      for (const pid of killed.map(running.pid)) if (pid) process.kill(-pid, 'SIGKILL')
      await running.hold(killed)
      for (const unit of killed) down.add(unit)
      return killed.length ? `Killed: ${killed.join(', ')}.` : 'Nothing of that runs.'
    },

    async start(units: string[]): Promise<string> {
      const started = units.filter((unit) => down.has(unit))
      await bringUp(running, started, folders.logs)
      for (const unit of started) down.delete(unit)
      return started.length ? `Started: ${started.join(', ')}.` : 'Nothing of that was killed.'
    },

    async invite(guest: Guest, n: number): Promise<string> {
      const address = await network.invite(guest, n)
      if (guest === 'clone') copyCard(folders, n)
      running.start(`${nodeName(n)}-${guest}`)
      return guest === 'clone'
        ? `A copy of node ${n} starts at ${address}.`
        : `Somebody else answers at ${address} now.`
    },

    async sendAway() {
      await running.hold(network.guests.list().map(({ guest, n }) => `${nodeName(n)}-${guest}`))
      await network.guests.sendAway()
    },

    async publish(n: number): Promise<string> {
      const [stream, encoder] = [cameraName(n), `${nodeName(n)}-encoder`]
      await commands.addOpenStream(stream, `Camera of node ${n}`)
      writeFileSync(cameraFile(folders, n), `rtmp_playpath=${stream}\n`, { mode: 0o600 })
      running.start(encoder)
      down.delete(encoder)
      return `An encoder publishes ${stream} to node ${n}.`
    },
  }
}

/** Key, papers and counters, as they are at this moment. */
function copyCard(folders: Lab['folders'], n: number) {
  const { agent, run } = folders.node(n)
  cpSync(agent, cloneFolder(folders, n), { recursive: true })
  mkdirSync(`${run}/clone`, { recursive: true, mode: 0o700 })
}
