/** The interfaces that /proc/net/ipv6_route and /proc/net/route send everything else out by, each with its best metric first. */
export function defaultInterfaces(ipv6Route: string, ipv4Route: string): string[] {
  return [...new Set([...ipv6Defaults(ipv6Route), ...ipv4Defaults(ipv4Route)])]
}

/** Target, its prefix length, source, its prefix length, next hop, metric, references, use, flags, interface. */
function ipv6Defaults(text: string): string[] {
  const routes = rows(text).filter(
    ([target, length, , , , , , , , name]) =>
      /^0{32}$/.test(target ?? '') && length === '00' && name !== 'lo',
  )
  return byMetric(routes, ([, , , , , metric]) => Number.parseInt(metric ?? '', 16), 9)
}

/** Interface, target, gateway, flags, references, use, metric (decimal), mask. */
function ipv4Defaults(text: string): string[] {
  const routes = rows(text).filter(
    ([, target, , , , , , mask]) => target === '00000000' && mask === '00000000',
  )
  return byMetric(routes, ([, , , , , , metric]) => Number(metric), 0)
}

const rows = (text: string) => text.split('\n').map((line) => line.trim().split(/\s+/))

function byMetric(routes: string[][], metric: (row: string[]) => number, nameAt: number): string[] {
  return routes.toSorted((a, b) => metric(a) - metric(b)).flatMap((row) => row[nameAt] ?? [])
}
