import { servePlayerPage } from './serve-player-page.ts'

/** A page on which shaka plays what stands behind the question mark, and keeps its errors in `window.errors`. */
export const serveShaka = () => servePlayerPage('shaka-player', page)

const page = `<!doctype html>
<title>shaka</title>
<video muted autoplay playsinline></video>
<script src="/player.js"></script>
<script>
const tell = ({ severity, code, data }) => errors.push({ severity, code, data: String(data) })
var errors = []
var player = new shaka.Player()
player.addEventListener('error', ({ detail }) => tell(detail))
player.configure({ streaming: { lowLatencyMode: true } })
player.attach(document.querySelector('video')).then(() => player.load(location.search.slice(1))).catch(tell)
</script>`
