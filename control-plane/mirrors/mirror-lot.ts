/**
 * The same for a stream and a node whoever else is there (rendezvous hashing): a node that goes moves only what it copied itself.
 * Drawn for every stream and node of the fleet, so it is quick rather than strong.
 */
export const lotOf = (streamHash: number, nodeHash: number): number => mixed(streamHash ^ nodeHash)

/** FNV-1a. */
export function quickHash(text: string): number {
  let hash = 0x811c9dc5
  for (let at = 0; at < text.length; at++) hash = Math.imul(hash ^ text.charCodeAt(at), 0x01000193)
  return hash
}

/** The last steps of MurmurHash3: one bit of difference turns half of all bits. */
function mixed(hash: number): number {
  const first = Math.imul(hash ^ (hash >>> 16), 0x85ebca6b)
  const second = Math.imul(first ^ (first >>> 13), 0xc2b2ae35)
  return (second ^ (second >>> 16)) >>> 0
}
