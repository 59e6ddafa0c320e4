/** What keeps a process from starting at all, as one sentence that says what to do. It is no bug, so it is told without a stack. */
export class CannotStart extends Error {}
