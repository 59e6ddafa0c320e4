/** What people are shown of a stream, on the pages and in the console. */
export type StreamView = {
  name: string
  title: string
  description: string
  /** Under which heading it stands on the landing page; absent: under none. */
  category?: string
  /** Whether it stands there; absent: yes. */
  shown?: 'public' | 'unlisted' | 'hidden'
  /** The lower, the earlier; absent: 0. */
  place?: number
  /** The hash of the picture for while it is not live. */
  poster?: string
  /** May be published without a key. */
  open: boolean
  /**
   * live: a fresh report says that it advances. waiting: the encoder is away and may return. lost: the node that carried it
   * stopped reporting. ended: its last session is over. never: nobody has published it yet.
   */
  state: 'live' | 'waiting' | 'lost' | 'ended' | 'never'
  /** Where its bytes are, as host:port of the node's CDN endpoint (`http://{host}/{name}/{manifest}`); while live, waiting or lost. */
  host?: string
  manifest?: string
  session?: string
  /** The beginning of the present or last session. */
  since?: Date
  /** The beginning of the present state. */
  stateSince?: Date
  node?: { id: string; name: string }
  /** Height of the best rendition. */
  height?: number
  /** While live: who fetches it from nodes now; of those behind the relay only what the relay asks for. Absent while no node tells. */
  viewers?: number
}
