/** Why a node takes no further stream while it has so many; undefined if it does. */
export type Capacity = (streams: number) => string | undefined

/** A guess that holds until the node has measured itself: two streams per core. */
export function capacityByCores(cores: number): Capacity {
  const most = Math.max(1, Math.floor(2 * cores))
  return (streams) =>
    streams < most
      ? undefined
      : `This node is full: it has ${streams} streams, and its ${cores} cores are good for ${most}. Stop one with DELETE /streams/{id}.`
}
