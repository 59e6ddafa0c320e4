/** The life of a copied session. Times in milliseconds. */
export type MirrorState =
  | { name: 'starting' }
  | { name: 'live'; segmentAt: number }
  /** The origin's source is away, or the origin is. */
  | { name: 'waiting'; since: number }
  /** `isFinal`: the origin says so. Else it was not heard of for too long, and may be back. */
  | { name: 'ended'; at: number; isFinal: boolean }
  | { name: 'gone'; isFinal: boolean }
/** `segment`: one more is whole in all tracks, and the origin is open to new viewers; `closed`: it is not; `over`: nothing comes any more. */
export type MirrorEvent = 'segment' | 'closed' | 'over' | 'tick'
/** `open` and `close` it to new viewers, `end` it for those who watch, `remove` its files. */
export type MirrorAction = 'open' | 'close' | 'end' | 'remove' | 'none'

export type MirrorRules = { silentMs: number; staleMs: number }

/** What a copied session becomes after `event`, and what its shell must do about it. */
export function nextMirror(
  state: MirrorState,
  event: MirrorEvent,
  { now, rules }: { now: number; rules: MirrorRules },
): [MirrorState, MirrorAction] {
  if (event === 'segment' && !isFinal(state)) return [{ name: 'live', segmentAt: now }, 'open']
  switch (state.name) {
    case 'starting':
      return event === 'over' ? [{ name: 'gone', isFinal: true }, 'remove'] : [state, 'none']
    case 'live':
      if (event === 'over') return [{ name: 'ended', at: now, isFinal: true }, 'close']
      if (event === 'closed' || now - state.segmentAt >= rules.silentMs)
        return [{ name: 'waiting', since: now }, 'close']
      return [state, 'none']
    case 'waiting':
      // A later release may let this node take the session over here, with the record that it keeps: source gone, or origin gone.
      if (event === 'over') return [{ name: 'ended', at: now, isFinal: true }, 'none']
      return now - state.since >= rules.staleMs
        ? [{ name: 'ended', at: now, isFinal: false }, 'end']
        : [state, 'none']
    case 'ended':
      if (event === 'over') return [{ ...state, isFinal: true }, 'none']
      return now - state.at >= rules.staleMs
        ? [{ name: 'gone', isFinal: state.isFinal }, 'remove']
        : [state, 'none']
    case 'gone':
      return [state, 'none']
  }
}

const isFinal = (state: MirrorState) => 'isFinal' in state && state.isFinal
