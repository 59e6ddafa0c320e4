import { publishAssets } from './assets.ts'

/** What both faces share. */
export const look = publishAssets({
  'tokens.css': new URL('tokens.css', import.meta.url),
  'elements.css': new URL('elements.css', import.meta.url),
  'app-icon.png': new URL('app-icon.png', import.meta.url),
  'mark.svg': new URL('mark.svg', import.meta.url),
  'theme.ts': new URL('theme.ts', import.meta.url),
  'follow-events.ts': new URL('follow-events.ts', import.meta.url),
})
