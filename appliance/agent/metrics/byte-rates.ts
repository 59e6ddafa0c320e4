type InterfaceCounters = { interface: string; receivedBytes: number; sentBytes: number }
type InterfaceRates = {
  interface: string
  receivedBytesPerSecond: number
  sentBytesPerSecond: number
}

/** Bytes per second since the call before, by a clock that only goes forward. A counter that began anew counts as still. */
export function byteRates() {
  let before = new Map<string, InterfaceCounters>()
  let beforeAt = 0

  return (now: InterfaceCounters[], nowMs: number): InterfaceRates[] => {
    const seconds = (nowMs - beforeAt) / 1000
    const rate = (counter: number, old: number | undefined) =>
      old === undefined || counter < old || seconds <= 0 ? 0 : Math.round((counter - old) / seconds)
    const rates = now.map((counters) => {
      const old = before.get(counters.interface)
      return {
        interface: counters.interface,
        receivedBytesPerSecond: rate(counters.receivedBytes, old?.receivedBytes),
        sentBytesPerSecond: rate(counters.sentBytes, old?.sentBytes),
      }
    })
    before = new Map(now.map((counters) => [counters.interface, counters]))
    beforeAt = nowMs
    return rates
  }
}

/** /proc/net/dev: two lines of headings, then per interface eight counters received and eight sent, bytes first. */
export function parseNetDev(text: string): InterfaceCounters[] {
  return text.split('\n').flatMap((line) => {
    const [name, counters] = line.split(':')
    const [received, , , , , , , , sent] = counters?.trim().split(/\s+/).map(Number) ?? []
    if (!name || received === undefined || sent === undefined) return []
    return [{ interface: name.trim(), receivedBytes: received, sentBytes: sent }]
  })
}
