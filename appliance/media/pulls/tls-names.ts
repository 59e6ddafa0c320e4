/**
 * ffmpeg is not let near TLS: for that it needs protocols by which a playlist could have it open anything. So it asks our door in
 * the clear, and by these names the door knows where to speak TLS. `.invalid` is nobody's (RFC 2606).
 */
const [BY_NAME, BY_IPV6] = ['.tls.invalid', '.tls6.invalid']

/** Text with all its `https://` links as ffmpeg may open them. What stands within a link, as in a query, stays. */
export function withTlsNames(text: string): string {
  return text.replace(LINK, (_, user: string, host: string) => `http://${user}${tlsName(host)}`)
}

const LINK = /(?<=^|["'>\s])https:\/\/((?:[^\s/?#"'<>@]*@)?)(\[[0-9a-f:.]+\]|[^\s/?#"'<>@:[\]]+)/gim

const tlsName = (host: string) =>
  host.startsWith('[') ? `${host.slice(1, -1).replaceAll(':', '-')}${BY_IPV6}` : `${host}${BY_NAME}`

/** What is meant by a URL that ffmpeg asks for. */
export function meantBy(asked: string): URL | undefined {
  const meant = asked.replace(
    TLS_NAME,
    (_, user: string, host: string, isIpv6: string) =>
      `https://${user}${isIpv6 ? `[${host.replaceAll('-', ':')}]` : host}`,
  )
  return URL.canParse(meant) ? new URL(meant) : undefined
}

const TLS_NAME = /^http:\/\/((?:[^/?#@]*@)?)([^/?#@:]+)\.tls(6?)\.invalid(?=[:/?#]|$)/i
