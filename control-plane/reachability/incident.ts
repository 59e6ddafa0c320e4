/** Nodes are kept from falling, because the prober itself seems to fail over this address family. */
export type Incident =
  /** So many nodes seem to fail at once. */
  | { kind: 'freeze'; family: 4 | 6; since: Date; failing: number; lately: number }
  /** It cannot even ask. */
  | { kind: 'blind'; family: 4 | 6; since: Date; cause: string }
