import { servePlayerPage } from './serve-player-page.ts'

/** A page on which hls.js plays what stands behind the question mark. It keeps its errors, and where each piece came from. */
export const serveHls = () => servePlayerPage('hls.js/dist/hls.min.js', page)

const page = `<!doctype html>
<title>hls.js</title>
<video muted autoplay playsinline></video>
<script src="/player.js"></script>
<script>
var errors = []
var pieces = []
var hls = new Hls({ liveSyncDuration: 3 })
hls.on(Hls.Events.ERROR, (_, { details, fatal }) => errors.push({ details, fatal }))
hls.on(Hls.Events.FRAG_LOADED, (_, { frag, part }) =>
  pieces.push({ type: frag.type, host: new URL((part ?? frag).url).host }))
hls.loadSource(location.search.slice(1))
hls.attachMedia(document.querySelector('video'))
</script>`
