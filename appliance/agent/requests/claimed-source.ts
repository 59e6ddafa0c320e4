import { isIP } from 'node:net'
import { Agent, buildConnector } from 'undici'

const CLAIMED_TIMEOUT_MS = 3000
const ANY_TIMEOUT_MS = 5000

/**
 * Connections that leave from the claimed address, so that their mere arrival proves that the node owns it. A node that cannot
 * connect from there must still be heard: it then goes out as the system likes.
 */
export function claimedSource(claimed: () => string | undefined) {
  let source = claimed()
  let fellBack = false
  let agent = openAgent(source, (is) => {
    fellBack = is
  })

  function renew() {
    // What is under way may finish. A kept connection would go on coming from the old address.
    void agent.close()
    source = claimed()
    fellBack = false
    agent = openAgent(source, (is) => {
      fellBack = is
    })
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

function openAgent(localAddress: string | undefined, fellBack: (is: boolean) => void): Agent {
  const fromAnywhere = buildConnector({ timeout: ANY_TIMEOUT_MS })
  if (localAddress === undefined) return agentOver(fromAnywhere)
  const fromClaimed = buildConnector({ timeout: CLAIMED_TIMEOUT_MS, host: '', family: isIP(localAddress) })
  return agentOver((options, done) =>
    fromClaimed({ ...options, localAddress }, (error, socket) => {
      fellBack(error !== null)
      if (error) fromAnywhere(options, done)
      else done(null, socket)
    }),
  )
}

function agentOver(connect: buildConnector.connector): Agent {
  return new Agent({ connect, maxResponseSize: 256 * 1024 })
}
