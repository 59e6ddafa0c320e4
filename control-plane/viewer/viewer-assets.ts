import { publishAssets } from '../look/assets.ts'

/** The full hls.js: the light build has no content steering. */
export const viewerAssets = publishAssets({
  'viewer.css': new URL('viewer.css', import.meta.url),
  'watch.css': new URL('watch.css', import.meta.url),
  'controls.css': new URL('controls.css', import.meta.url),
  'embed.css': new URL('embed.css', import.meta.url),
  'viewer-worker.ts': new URL('viewer-worker.ts', import.meta.url),
  'share.ts': new URL('share.ts', import.meta.url),
  'landing.ts': new URL('landing.ts', import.meta.url),
  'player.ts': new URL('player.ts', import.meta.url),
  'dash-player.ts': new URL('dash-player.ts', import.meta.url),
  'dash.js': new URL('../umd/dash.mediaplayer.min.js', import.meta.resolve('dashjs')),
  'hls.js': new URL('hls.min.js', import.meta.resolve('hls.js')),
})
