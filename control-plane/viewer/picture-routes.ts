import { type Context, Hono } from 'hono'
import type { PosterRepository } from '../streams/poster-repository.ts'
import type { StreamView } from '../streams/stream-view.ts'
import { FRESH_MS, type livePictures } from './live-pictures.ts'
import { posterUrl } from './stream-links.ts'

type Dependencies = {
  pictures: ReturnType<typeof livePictures>
  posters: Pick<PosterRepository, 'find'>
  /** One that viewers may see. */
  find: (name: string) => Promise<StreamView | undefined>
}

/** The pictures of streams at addresses of our own: the live one, and the poster for while there is none. */
export const pictureRoutes = ({ pictures, posters, find }: Dependencies) =>
  new Hono()
    .get('/picture/:file{[A-Za-z0-9][A-Za-z0-9_-]{0,63}\\.jpg}', async (c) => {
      const stream = await find(c.req.param('file').slice(0, -'.jpg'.length))
      if (!stream) return c.notFound()
      const picture = await pictures.of(stream)
      if (picture) return image(c, picture, 'image/jpeg', `public, max-age=${FRESH_MS / 1000}`)
      c.header('cache-control', 'no-store')
      const poster = posterUrl(stream)
      return poster ? c.redirect(poster, 302) : c.notFound()
    })
    // Who knows its hash has seen it: it is not asked again whether the stream is hidden, so that it may be kept for ever.
    .get('/poster/:name{[A-Za-z0-9][A-Za-z0-9_-]{0,63}}/:hash{[0-9a-f]{16}}', async (c) => {
      const poster = await posters.find(c.req.param('name'), c.req.param('hash'))
      if (!poster) return c.notFound()
      return image(c, poster.bytes, poster.type, 'public, max-age=31536000, immutable')
    })

function image(c: Context, bytes: Buffer, type: string, kept: string) {
  c.header('content-type', type)
  c.header('cache-control', kept)
  c.header('x-content-type-options', 'nosniff')
  return c.body(new Uint8Array(bytes))
}
