type Viewing = {
  /** The node's CDN endpoint, host:port. */
  host: string
  /** The host the viewer's request was sent to, without port. */
  requestHost: string
  relayPort: number
}

/**
 * Where this viewer fetches a stream. A fleet on one machine lives on loopback, which a viewer elsewhere cannot reach: its
 * first node also answers under the machine's own name (--lan), the others through the relay.
 */
export function viewerHost({ host, requestHost, relayPort }: Viewing): string {
  const { hostname, port } = new URL(`http://${host}`)
  if (!isLoopback(hostname) || isLoopback(requestHost)) return host
  return hostname === '127.0.0.1' ? `${requestHost}:${port || 80}` : `${requestHost}:${relayPort}`
}

const isLoopback = (host: string) =>
  host === 'localhost' || host === '[::1]' || host === '::1' || /^127\.\d+\.\d+\.\d+$/.test(host)
