import { isIP } from 'node:net'
import { Agent, buildConnector } from 'undici'

/** Together they stay below what a heartbeat waits. */
const OWN_TIMEOUT_MS = 2500
const ANY_TIMEOUT_MS = 5000

type Socket = Exclude<Parameters<buildConnector.Callback>[1], null>
export type Sources = {
  claimed: () => string | undefined
  /** Those that could be claimed instead. */
  others?: () => string[]
  /** Told when one of these connects, and the claimed one does not: a router may have forgotten its prefix. */
  instead?: (address: string) => void
}

/**
 * Connections that leave from the claimed address, so that their mere arrival proves that the node owns it. A node that cannot
 * connect from there must still be heard: it then goes out from another of its addresses, or as the system likes.
 */
export function claimedSource({ claimed, others = () => [], instead = () => {} }: Sources) {
  let source = claimed()
  let fellBack = false
  let agent = openAgent()

  function openAgent(): Agent {
    const local = source
    if (local === undefined) return agentOver(connectFromAnywhere)
    return agentOver(async (options) => {
      const socket = await connectFrom(options, local).catch(() => undefined)
      fellBack = socket === undefined
      return socket ?? (await connectFromOthers(options).catch(() => connectFromAnywhere(options)))
    })
  }

  async function connectFromOthers(options: buildConnector.Options): Promise<Socket> {
    const attempts = others().map(async (address) => ({
      address,
      socket: await connectFrom(options, address),
    }))
    const { address, socket } = await Promise.any(attempts)
    for (const attempt of attempts)
      attempt.then((late) => late.socket !== socket && late.socket.destroy()).catch(() => {})
    instead(address)
    return socket
  }

  function renew() {
    // What is under way may finish. A kept connection would go on coming from the old address.
    void agent.close()
    source = claimed()
    fellBack = false
    agent = openAgent()
  }

  return {
    dispatcher() {
      if (claimed() !== source) renew()
      return agent
    },
    /** Gives up connections that do not come from the claimed address, so that the next request tries it again. */
    retry() {
      if (fellBack) renew()
    },
    close: () => agent.destroy(),
  }
}

const connectFromAnywhere = (options: buildConnector.Options) =>
  connect(buildConnector({ timeout: ANY_TIMEOUT_MS }), options)

function connectFrom(options: buildConnector.Options, localAddress: string): Promise<Socket> {
  const connector = buildConnector({ timeout: OWN_TIMEOUT_MS, host: '', family: isIP(localAddress) })
  return connect(connector, { ...options, localAddress })
}

const connect = (connector: buildConnector.connector, options: buildConnector.Options) =>
  new Promise<Socket>((resolve, reject) =>
    connector(options, (error, socket) => (socket ? resolve(socket) : reject(error))),
  )

function agentOver(open: (options: buildConnector.Options) => Promise<Socket>): Agent {
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
