export const playerActs = ['play', 'mute', 'full screen', 'louder', 'softer', 'live', 'captions'] as const
export type PlayerAct = (typeof playerActs)[number]

const acts: Record<string, PlayerAct> = {
  ' ': 'play',
  k: 'play',
  m: 'mute',
  f: 'full screen',
  arrowup: 'louder',
  arrowdown: 'softer',
  l: 'live',
  c: 'captions',
}

type Key = { key: string; ctrlKey: boolean; altKey: boolean; metaKey: boolean; repeat: boolean }
export type Focused = 'nothing' | 'button' | 'slider' | 'field'

/** What a key means to the player. What has the focus comes first: Space presses a button, arrows move a slider, letters go into a field. */
export function actOf(
  { key, ctrlKey, altKey, metaKey, repeat }: Key,
  focused: Focused,
): PlayerAct | undefined {
  if (ctrlKey || altKey || metaKey || focused === 'field') return undefined
  if (key === ' ' && focused === 'button') return undefined
  if (key.startsWith('Arrow') && focused === 'slider') return undefined
  const act = acts[key.toLowerCase()]
  return repeat && act !== 'louder' && act !== 'softer' ? undefined : act
}
