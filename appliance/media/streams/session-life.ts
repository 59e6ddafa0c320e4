import {
  nextSession,
  type SessionAction,
  type SessionEvent,
  type SessionRules,
  type SessionState,
} from './session-state.ts'

type Dependencies = {
  state: SessionState
  rules: SessionRules
  /** Does what a change of state asks for, before anybody is told of it. */
  acted: (action: SessionAction) => void
  /** Told of each state that has another name than the one before, and whether the end was ordered. */
  turned: (state: SessionState, isOrdered: boolean) => void
}

/** The state that a session is in, and since when. session-state.ts decides what becomes of it. */
export function sessionLife({ rules, acted, turned, ...dependencies }: Dependencies) {
  let { state } = dependencies
  let since = new Date()
  let isOrdered = false

  function handle(event: SessionEvent) {
    const before = state.name
    const [next, action] = nextSession(state, event, { now: performance.now(), rules })
    state = next
    // What cannot be done of it (a full disk) is not done later either: whoever waits to be told is told now.
    try {
      acted(action)
    } finally {
      if (state.name !== before) turn()
    }
  }

  function turn() {
    since = new Date()
    turned(state, isOrdered)
  }

  return {
    handle,
    state: () => state,
    since: () => since,
    /** Nobody waits for its publisher any more. */
    finish() {
      isOrdered = true
      if (state.name !== 'ended') handle('left')
      if (state.name === 'waiting') state = { name: 'waiting', since: Number.NEGATIVE_INFINITY }
      handle('tick')
    },
  }
}
