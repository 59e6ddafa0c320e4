/** What keeps a process from starting at all, as one sentence that says what to do. It is no bug, so it is told without a stack. */
export class CannotStart extends Error {
  /** By which it is known after it came from another thread, where its class is lost. */
  override name = 'CannotStart'
}
