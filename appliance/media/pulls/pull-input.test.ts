import { expect, test } from 'vitest'
import { fileInput, networkInput } from './pull-input.ts'

test('a source without TLS is opened at the address that was checked, under its own name', () => {
  const { args, stdin } = networkInput('rtmp', new URL('rtmp://a.example/live/x?key=s3cret'), {
    address: '10.0.0.5',
  })
  expect(stdin).toContain("file 'rtmp://10.0.0.5/live/x?key=s3cret'\n")
  expect(stdin).toContain('option rtmp_tcurl rtmp://a.example/live\n')
  expect(args.join(' ')).not.toMatch(/s3cret|10\.0\.0\.5/)
})

test('what is behind TLS, or asked by HTTP, keeps its name: the door looks where it leads', () => {
  for (const scheme of ['http', 'rtmps'] as const)
    expect(networkInput(scheme, new URL(`${scheme}://a.example/x`), { address: '10.0.0.5' }).stdin).toContain(
      `file '${scheme}://a.example/x'`,
    )
})

test('HTTPS is asked for in the clear, for the door to speak TLS: ffmpeg has nothing that leads past the door', () => {
  const url = new URL('https://e:pw@a.example:8443/x')
  const { stdin } = networkInput('https', url, { address: '10.0.0.5' })
  expect(stdin).toContain(`file 'http://e:pw@a.example.tls.invalid:8443/x'`)
  expect(stdin).toMatch(/option protocol_whitelist http,tcp,crypto\n/)
})

test('a camera is opened at its door, which speaks TLS for it', () => {
  for (const scheme of ['rtsp', 'rtsps'] as const) {
    const url = new URL(`${scheme}://e:pw@a.example:8554/x?y`)
    const { stdin = '' } = networkInput(scheme, url, { address: '127.0.0.1', port: 4711 })
    expect(stdin).toContain("file 'rtsp://e:pw@127.0.0.1:4711/x?y'\n")
    expect(stdin).toMatch(/option protocol_whitelist rtsp,tcp\n/)
  }
})

test('an IPv6 address is written as URLs have it, and a quote ends no line of the list', () => {
  const { stdin } = networkInput('rtmp', new URL("rtmp://e:p'w@[fd12::1]:8554/it's"), { address: 'fd12::1' })
  expect(stdin).toContain("file 'rtmp://e:p%27w@[fd12::1]:8554/it%27s'\n")
})

test('no source may name files, pipes, or lists of what it likes', () => {
  for (const scheme of ['http', 'rtsp', 'rtmp', 'srt'] as const) {
    const url = new URL(`${scheme}://10.0.0.5:9/x`)
    const { args, stdin = '' } = networkInput(scheme, url, { address: '10.0.0.5' })
    const [, protocols = ''] = /option protocol_whitelist (.*)/.exec(stdin) ?? []
    expect(args[args.indexOf('-protocol_whitelist') + 1]).toBe(`pipe,${protocols}`)
    expect(protocols).not.toMatch(/file|pipe|concat|data|subfile|udp/)
    expect(/option format_whitelist (.*)/.exec(stdin)?.[1]?.split(',')).not.toContain('concat')
  }
})

test('a file may be no list of others', () => {
  const { args } = fileInput('/ingest/film.ts')
  const whitelist = (name: string) => args[args.indexOf(name) + 1]?.split(',')
  expect(whitelist('-protocol_whitelist')).toEqual(['file'])
  for (const format of ['concat', 'hls', 'dash', 'sdp', 'rtsp', 'image2', 'lavfi', 'imf'])
    expect(whitelist('-format_whitelist')).not.toContain(format)
})

test('a source by HTTP leads to others three times at most', () => {
  for (const scheme of ['http', 'https'] as const) {
    const { stdin } = networkInput(scheme, new URL(`${scheme}://a.example/x`), { address: '10.0.0.5' })
    expect(stdin).toMatch(/^option max_redirects 3$/m)
  }
})
