/** What keeps the agent from starting at all, as one sentence that says what to do. */
export class CannotStart extends Error {}
