/** The life of a session, from the publisher's coming to the removal of its files. Times in milliseconds. */
export type SessionState =
  | { name: 'starting' }
  | { name: 'live'; segmentAt: number }
  /** `isOpen`: to new viewers, because media died while it was live. */
  | { name: 'waiting'; since: number; isOpen?: boolean }
  | { name: 'ended'; at: number }
  | { name: 'forgotten' }
export type SessionEvent = 'came' | 'segment' | 'left' | 'tick'
/** `open` and `close` it to new viewers, `end` it for those who watch, `remove` its files. */
export type SessionAction = 'open' | 'close' | 'end' | 'remove' | 'none'

export type SessionRules = {
  /** Without a new segment for this long a session is not live, whatever its encoder does; nor open to new viewers. */
  silentMs: number
  /** How long a session waits for its publisher, and then how long its files stay. */
  staleMs: number
}

type Step = [SessionState, SessionAction]

/** What a session becomes after `event`, and what its shell must do about it. */
export function nextSession(
  state: SessionState,
  event: SessionEvent,
  { now, rules }: { now: number; rules: SessionRules },
): Step {
  switch (state.name) {
    case 'starting':
      if (event === 'segment') return [{ name: 'live', segmentAt: now }, 'open']
      return event === 'left' ? [{ name: 'forgotten' }, 'remove'] : [state, 'none']
    case 'live':
      if (event === 'segment') return [{ name: 'live', segmentAt: now }, 'open']
      if (event === 'left' || now - state.segmentAt >= rules.silentMs)
        return [{ name: 'waiting', since: now }, 'close']
      return [state, 'none']
    case 'waiting':
      if (event === 'segment') return [{ name: 'live', segmentAt: now }, 'open']
      // Who is back is given as long to show something as he was waited for.
      if (event === 'came') return [{ ...state, since: now }, 'none']
      if (state.isOpen && (event === 'left' || now - state.since >= rules.silentMs))
        return [{ name: 'waiting', since: state.since }, 'close']
      return now - state.since >= rules.staleMs ? [{ name: 'ended', at: now }, 'end'] : [state, 'none']
    case 'ended':
      return now - state.at >= rules.staleMs ? [{ name: 'forgotten' }, 'remove'] : [state, 'none']
    case 'forgotten':
      return [state, 'none']
  }
}
