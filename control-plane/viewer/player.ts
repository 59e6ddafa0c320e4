// Runs in the browser, sent with its types stripped and its imports beside it. hls.js stands before it as the global `Hls`.
import { canPlayHls, openHls } from './hls-engine.ts'
import { openNative } from './native-engine.ts'
import { startPlayer } from './start-player.ts'

// The browser's own HLS where it has no Media Source Extensions (iPhone).
startPlayer(({ video }, told) => (canPlayHls() ? openHls : openNative)(video, told))
