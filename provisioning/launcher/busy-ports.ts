import { createServer } from 'node:net'
import { portOwner } from './port-owner.ts'
import { errorCode, Refusal } from './refusal.ts'

type Endpoint = { address: string; port: number; what: string }

/** Refuses the first port that is taken, and says by whom. */
export async function refuseBusyPorts(endpoints: Endpoint[]): Promise<void> {
  const taken = await Promise.all(endpoints.map(isTaken))
  const busy = endpoints.find((_, at) => taken[at])
  if (!busy) return
  const owner = portOwner(busy.address, busy.port)
  const whose = owner ? `${owner.program} (process ${owner.pid})` : "another user's program"
  throw new Refusal(
    `Port ${busy.port} on ${busy.address} (${busy.what}) is taken by ${whose}: stop it and try again.`,
  )
}

/** By trying: the kernel's own answer takes every rule of addresses and wildcards into account. */
function isTaken({ address, port }: Endpoint): Promise<boolean> {
  return new Promise((resolve) => {
    const server = createServer()
    server.once('error', (error) => resolve(errorCode(error) === 'EADDRINUSE'))
    server.listen({ host: address, port, exclusive: true }, () => server.close(() => resolve(false)))
  })
}
