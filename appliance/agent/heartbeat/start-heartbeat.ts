import type { HeartbeatReply } from '@sixcast/shared/contract/heartbeat.ts'
import type { Log } from '@sixcast/shared/runtime/log.ts'
import { sleep } from '@sixcast/shared/runtime/repeat.ts'
import { revokedSentence } from '../identity/revoked-sentence.ts'
import type { Answer } from '../requests/answer.ts'
import { toldOnce } from '../told-once.ts'
import { type BeatState, nextBeatState, pauseMs } from './beat-pace.ts'

/** Many changes in a moment make one beat. */
const LEAST_PAUSE_MS = 250

/** Beats until it is stopped. It decides nothing: beat-pace.ts does. */
export function startHeartbeat({
  beat,
  accepted,
  barred,
  stateDirectory,
  log,
}: {
  /** One signed heartbeat of how things stand now. */
  beat: (options: { leaving: boolean; signal?: AbortSignal }) => Promise<Answer<HeartbeatReply>>
  accepted: (reply: HeartbeatReply) => Promise<void>
  barred: () => void
  stateDirectory: string
  log: Log
}) {
  const stopping = new AbortController()
  const tell = toldOnce()
  let waking = new AbortController()
  let present = new AbortController()
  let state: BeatState = { name: 'starting' }

  async function run() {
    while (!stopping.signal.aborted) {
      present = new AbortController()
      const answer = await beat({ leaving: false, signal: present.signal })
      if (stopping.signal.aborted) return
      if (answer.kind === 'away' && present.signal.aborted) {
        waking = new AbortController() // the next beat says it all
        continue
      }
      state = nextBeatState(state, answer)
      tellState(state)
      if (answer.kind === 'accepted') await accepted(answer.body)
      if (state.name === 'barred') barred()
      await sleep(LEAST_PAUSE_MS, stopping.signal)
      await sleep(pauseMs(state) - LEAST_PAUSE_MS, waking.signal)
      waking = new AbortController()
    }
  }

  function tellState(state: BeatState) {
    if (state.name === 'accepted') tell('accepted', () => log.info('the control plane accepts the heartbeat'))
    if (state.name === 'failing')
      tell(state.cause, () => log.warn('the heartbeat is not accepted', { cause: state.cause }))
    if (state.name === 'barred') tell(state.code, () => tellBarred(state.code))
  }

  function tellBarred(code: 'node-revoked' | 'unknown-node') {
    const message = code === 'node-revoked' ? revokedSentence(stateDirectory) : UNKNOWN
    log.warn('the fleet does not take this node', { code, message })
  }

  const ended = run()

  return {
    state: () => state,
    /**
     * Something changed that the control plane should know now. Someone who was shown the door does not knock for it. A beat from
     * an address that is no longer ours would wait in vain for its answer: it is given up.
     */
    beatNow({ moved } = { moved: false }) {
      if (state.name === 'barred') return
      if (moved) present.abort()
      waking.abort()
    },
    /** The control plane was seen to be back: no need to wait the back-off out. */
    beatIfFailing() {
      if (state.name === 'failing') waking.abort()
    },
    /** Ends with a last beat that gives the lease back, unless nobody would take it. */
    async stop({ leaving }: { leaving: boolean }) {
      stopping.abort()
      waking.abort()
      if (leaving && state.name === 'accepted') await beat({ leaving: true })
    },
    ended,
  }
}

const UNKNOWN = 'The control plane does not know this node. A new claim enrols it again.'
