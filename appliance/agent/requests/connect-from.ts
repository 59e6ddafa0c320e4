import { isIP } from 'node:net'
import { Agent, buildConnector } from 'undici'

export type Socket = Exclude<Parameters<buildConnector.Callback>[1], null>
type Way = { timeoutMs: number; orRouters?: boolean }

/**
 * Leaves from this address, so that the mere arrival proves whose it is. One that is not on this machine may be a router's, which
 * translates (`orRouters`): from there leaves whatever goes out in its family.
 */
export async function connectFrom(
  options: buildConnector.Options,
  address: string,
  { timeoutMs, orRouters = false }: Way,
): Promise<Socket> {
  const connector = buildConnector({ timeout: timeoutMs, host: '', family: isIP(address) })
  try {
    return await connect(connector, { ...options, localAddress: address })
  } catch (error) {
    if (!orRouters || !isNotHere(error)) throw error
    return await connect(connector, options)
  }
}

const isNotHere = (error: unknown) =>
  error instanceof Error && 'code' in error && error.code === 'EADDRNOTAVAIL'

export const connectFromAnywhere = (options: buildConnector.Options, { timeoutMs }: Way) =>
  connect(buildConnector({ timeout: timeoutMs }), options)

const connect = (connector: buildConnector.connector, options: buildConnector.Options) =>
  new Promise<Socket>((resolve, reject) =>
    connector(options, (error, socket) => (socket ? resolve(socket) : reject(error))),
  )

/** Whatever it asks goes over connections that are opened like that. */
export function agentOver(open: (options: buildConnector.Options) => Promise<Socket>): Agent {
  return new Agent({
    connect(options, done) {
      open(options).then(
        (socket) => done(null, socket),
        (error) => done(error, null),
      )
    },
    maxResponseSize: 256 * 1024,
  })
}
