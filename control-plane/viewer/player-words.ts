/** What the player says and what its controls are called; the page and its script both take the words from here. */
export const playerWords = {
  unreachable: 'The picture cannot be reached at the moment. This page keeps trying.',
  offline: 'This device has no connection. Playback continues when it is back.',
  noDash: 'This browser cannot play DASH. The stream’s own page plays here.',
  notAsDash: 'This stream is not sent as DASH. Its own page plays it.',
  controls: 'Player',
  play: 'Play',
  pause: 'Pause',
  mute: 'Mute',
  unmute: 'Turn on the sound',
  volume: 'Volume',
  live: 'Live',
  quality: 'Quality',
  auto: 'Auto',
  captions: 'Captions',
  fullScreen: 'Full screen',
  leaveFullScreen: 'Leave full screen',
}

/** `Auto` says which rendition it has come to. */
export const autoWords = (playing: string | undefined) =>
  playing ? `${playerWords.auto} · ${playing}` : playerWords.auto

/** How old the picture is: tenths while they matter. */
export const delayWords = (seconds: number) =>
  seconds < 10 ? `${seconds.toFixed(1)} s` : `${Math.round(seconds)} s`

/** The same for those who hear the page, and what a press does. */
export function liveLabel(seconds: number | undefined, behind: boolean): string {
  const delay = seconds === undefined ? '' : `, ${seconds.toFixed(seconds < 10 ? 1 : 0)} seconds behind`
  return `${playerWords.live}${delay}${behind ? '. Go to the live edge' : ''}`
}
