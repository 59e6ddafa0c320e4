import { createSocket } from 'node:dgram'
import { familyOf } from '../addresses/addresses.ts'

/** Does this machine itself know a way to the address? Asks its routing table by a datagram socket that is connected; nothing is sent. */
export async function hasWayTo(address: string): Promise<boolean> {
  const socket = createSocket(familyOf(address) === 6 ? 'udp6' : 'udp4')
  try {
    return await new Promise((resolve) => {
      socket.once('error', () => resolve(false))
      socket.once('connect', () => resolve(true))
      socket.connect(9, address)
    })
  } finally {
    socket.close()
  }
}
