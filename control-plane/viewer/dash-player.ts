// Runs in the browser, sent with its types stripped and its imports beside it. dash.js stands before it as the global `dashjs`.
import { openDash } from './dash-engine.ts'
import { startPlayer } from './start-player.ts'

startPlayer(({ video, words }, told) => openDash(video, told, words))
