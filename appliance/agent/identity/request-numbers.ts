export type RequestNumbers = ReturnType<typeof requestNumbers>

/** Hands out each number of a boot epoch once; every try takes a new one. */
export function requestNumbers({
  epoch: first,
  save,
}: {
  epoch: number
  save: (epoch: number) => void | Promise<void>
}) {
  let epoch = first
  let number = 0
  let saving = Promise.resolve()

  async function leap(known: number) {
    if (epoch > known) return // another request was told the same and was quicker
    await save(known + 1)
    epoch = known + 1
    number = 0
  }

  return {
    next() {
      number += 1
      return { epoch, number }
    },
    /** Goes on in an epoch nobody has seen, once it is on the disk. */
    jumpBeyond(known: number): Promise<void> {
      saving = saving.then(() => leap(known))
      return saving
    },
  }
}
