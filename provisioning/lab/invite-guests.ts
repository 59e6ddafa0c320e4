import { Refusal } from '../launcher/refusal.ts'
import {
  cloneAddress,
  cloneScript,
  type Guest,
  goneScript,
  guestName,
  impostorScript,
  takenGeneration,
} from './guests.ts'
import type { SitePrefixes } from './prefixes.ts'
import { nodeAddress } from './topology.ts'

type Invited = { guest: Guest; n: number; site: SitePrefixes }

/** Has places for guests made, and knows who is there. */
export function inviteGuests(shell: (script: string) => Promise<void>) {
  const guests = new Map<string, Invited>()

  const placeOf = ({ guest, n, site }: Invited) => ({
    name: guestName(guest, n),
    ipv6: guest === 'clone' ? cloneAddress(n) : nodeAddress(n, takenGeneration(site), site.kind),
  })

  return {
    list: () => [...guests.values()],
    places: () => [...guests.values()].map(placeOf),
    isThere: (guest: Guest, n: number) => guests.has(guestName(guest, n)),

    /** Says which address he has got. */
    async invite(invited: Invited): Promise<string> {
      const { guest, n, site } = invited
      const name = guestName(guest, n)
      if (guests.has(name)) throw new Refusal(`${name} is there already. heal sends all of them away.`)
      await shell(guest === 'clone' ? cloneScript(n) : impostorScript(n, site))
      guests.set(name, invited)
      return placeOf(invited).ipv6
    },

    async sendAway() {
      for (const [name, { guest, n, site }] of guests) {
        await shell(goneScript(guest, n, site))
        guests.delete(name)
      }
    },
  }
}
