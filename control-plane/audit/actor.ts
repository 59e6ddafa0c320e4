import { AsyncLocalStorage } from 'node:async_hooks'

/** Who acts, and from where; by which of his tokens, if it is a program that does. */
export type Actor = { who: string; source: string; token?: string }

const actors = new AsyncLocalStorage<Actor>()

/** Whatever is done in `task` is done by this one: it need not be handed through every room. */
export const actingAs = <Made>(actor: Actor, task: () => Made): Made => actors.run(actor, task)

export const presentActor = (): Actor => actors.getStore() ?? { who: 'control-plane', source: '' }
