import { createHash } from 'node:crypto'
import { readFileSync } from 'node:fs'
import { stripTypeScriptTypes } from 'node:module'
import { basename, extname } from 'node:path'
import { gzipSync } from 'node:zlib'
import { Hono } from 'hono'

type Assets<Name extends string = string> = {
  /** Where a page finds it. The URL changes with the bytes, so it may be kept for ever. */
  url: (name: Name) => string
  /** The modules that a script imports, so that a page can have them fetched along with it. */
  imports: (name: Name) => string[]
  /** All that there is. */
  urls: () => string[]
  routes: Hono
}

type Asset = {
  file: string
  type: string
  bytes: Uint8Array<ArrayBuffer>
  packed: Uint8Array<ArrayBuffer>
  imports: Asset[]
}

const contentTypes: Record<string, string> = {
  '.css': 'text/css; charset=utf-8',
  '.js': 'text/javascript; charset=utf-8',
  '.ts': 'text/javascript; charset=utf-8',
  '.svg': 'image/svg+xml',
  '.png': 'image/png',
}

/**
 * Serves a room's style sheets, scripts and pictures from memory. A `.ts` file is sent with its types stripped: there is no
 * build. What it imports is sent beside it, under a name that changes with the bytes as its own does.
 */
export function publishAssets<Name extends string>(files: Record<Name, URL>): Assets<Name> {
  const byName = new Map<string, Asset>()
  for (const [name, file] of Object.entries<URL>(files)) byName.set(name, readAsset(name, file))
  const byFile = new Map([...byName.values()].flatMap(withImports).map((asset) => [asset.file, asset]))
  const importsOf = (name: Name) => new Set(byName.get(name)?.imports.flatMap(withImports).map(urlOf))

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

  return {
    url: (name) => `/assets/${byName.get(name)?.file}`,
    imports: (name) => [...importsOf(name)],
    urls: () => [...byFile.values()].map(urlOf),
    routes,
  }
}

const urlOf = (asset: Asset) => `/assets/${asset.file}`
const withImports = (asset: Asset): Asset[] => [asset, ...asset.imports.flatMap(withImports)]

function readAsset(name: string, file: URL): Asset {
  const extension = extname(file.pathname)
  const { bytes, imports } =
    extension === '.ts' ? readScript(file) : { bytes: new Uint8Array(readFileSync(file)), imports: [] }
  const hash = createHash('sha256').update(bytes).digest('hex').slice(0, 12)
  return {
    file: `${name.slice(0, -extension.length)}-${hash}${extension === '.ts' ? '.js' : extension}`,
    type: contentTypes[extension] ?? 'application/octet-stream',
    bytes,
    packed: new Uint8Array(gzipSync(bytes)),
    imports,
  }
}

/** Its imports are read first: their names, which carry the hash of their bytes, stand in its own. */
function readScript(file: URL) {
  const text = readFileSync(file, 'utf8')
  const imports: Asset[] = []
  const code = withoutComments(stripTypes(text)).replace(/(?<=\bfrom ')\.\.?\/[^']+\.ts(?=')/g, (path) => {
    const imported = readAsset(basename(path), new URL(path, file))
    imports.push(imported)
    return `./${imported.file}`
  })
  return { bytes: new TextEncoder().encode(code), imports }
}

/** They are for whoever reads the source. Whole lines alone: what stands within a line might be part of a string. */
const withoutComments = (code: string) =>
  code.replace(/^[ \t]*(?:\/\/.*|\/\*(?:[^*]|\*(?!\/))*\*\/)?[ \t]*\n/gm, '').replace(/[ \t]+$/gm, '')

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
