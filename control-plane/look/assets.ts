import { createHash } from 'node:crypto'
import { readFileSync } from 'node:fs'
import { stripTypeScriptTypes } from 'node:module'
import { extname } from 'node:path'
import { gzipSync } from 'node:zlib'
import { Hono } from 'hono'

type Assets<Name extends string = string> = {
  /** Where a page finds it. The URL changes with the bytes, so it may be kept for ever. */
  url: (name: Name) => string
  routes: Hono
}

const contentTypes: Record<string, string> = {
  '.css': 'text/css; charset=utf-8',
  '.js': 'text/javascript; charset=utf-8',
  '.ts': 'text/javascript; charset=utf-8',
  '.svg': 'image/svg+xml',
}

/** Serves a room's style sheets, scripts and pictures from memory. A `.ts` file is sent with its types stripped: there is no build. */
export function publishAssets<Name extends string>(files: Record<Name, URL>): Assets<Name> {
  const entries = Object.entries<URL>(files).map(([name, file]) => [name, readAsset(name, file)] as const)
  const byName = new Map(entries)
  const byFile = new Map(entries.map(([, asset]) => [asset.file, asset]))

  const routes = new Hono().get('/assets/:file', (c, next) => {
    const asset = byFile.get(c.req.param('file'))
    if (!asset) return next() // another room's
    const packed = (c.req.header('accept-encoding') ?? '').includes('gzip')
    c.header('content-type', asset.type)
    c.header('cache-control', 'public, max-age=31536000, immutable')
    c.header('vary', 'accept-encoding')
    c.header('x-content-type-options', 'nosniff')
    if (packed) c.header('content-encoding', 'gzip')
    return c.body(packed ? asset.packed : asset.bytes)
  })

  return { url: (name) => `/assets/${byName.get(name)?.file}`, routes }
}

function readAsset(name: string, file: URL) {
  const extension = extname(file.pathname)
  const text = readFileSync(file, 'utf8')
  const bytes = new TextEncoder().encode(extension === '.ts' ? stripTypes(text) : text)
  const hash = createHash('sha256').update(bytes).digest('hex').slice(0, 12)
  return {
    file: `${name.slice(0, -extension.length)}-${hash}${extension === '.ts' ? '.js' : extension}`,
    type: contentTypes[extension] ?? 'application/octet-stream',
    bytes,
    packed: new Uint8Array(gzipSync(bytes)),
  }
}

/** The one warning the stripper utters (it is still marked experimental) would stand in the log at every start. */
function stripTypes(source: string): string {
  const { emitWarning } = process
  process.emitWarning = () => {}
  try {
    return stripTypeScriptTypes(source)
  } finally {
    process.emitWarning = emitWarning
  }
}
