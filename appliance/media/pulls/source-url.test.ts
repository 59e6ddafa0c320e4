import { networkInterfaces } from 'node:os'
import { Problem } from '@sixcast/shared/contract/problem.ts'
import { expect, test } from 'vitest'
import { readSourceUrl } from './source-url.ts'

const read = (text: string) => readSourceUrl(text, 19_350)

test.each([
  ['rtmp://localhost/live/x', { kind: 'own', app: 'live', name: 'x' }],
  ['rtmp://localhost:1935/stream/x', { kind: 'own', app: 'stream', name: 'x' }],
  ['rtmp://127.0.0.1:19350/stream/x', { kind: 'own', app: 'stream', name: 'x' }],
  ['rtmp://[::1]/live/x', { kind: 'own', app: 'live', name: 'x' }],
  ['file:///film.mp4', { kind: 'file', path: 'film.mp4' }],
  ['file:film.mp4', { kind: 'file', path: 'film.mp4' }],
  ['file:///a%20b/film.mp4', { kind: 'file', path: 'a b/film.mp4' }],
  ['a/film.mp4', { kind: 'file', path: 'a/film.mp4' }],
])('%s is understood', (text, source) => {
  expect(read(text)).toEqual(source)
})

const OWN = Object.values(networkInterfaces())
  .flatMap((each) => each ?? [])
  .flatMap(({ address, family, internal }) => (family === 'IPv4' && !internal ? [address] : []))

test.each(OWN)('at %s, which is this machine, only its own RTMP may be named', (address) => {
  expect(read(`rtmp://${address}/live/x`)).toEqual({ kind: 'own', app: 'live', name: 'x' })
  expect(() => read(`rtmp://${address}:3306/live/x`)).toThrow(/may name this machine only as/)
})

test.each([
  ['rtmp://cdn.example.org/live/x', 'rtmp'],
  ['RTSP://admin:p%40ss@10.0.0.5:554/cam?channel=1&subtype=0', 'rtsp'],
  ['https://example.org/a.m3u8', 'https'],
  ['srt://10.0.0.5:9000?streamid=x&latency=200000', 'srt'],
  ['rtmp://[fd12::5]/live/x', 'rtmp'],
])('%s is on the network', (text, scheme) => {
  expect(read(text)).toMatchObject({ kind: 'network', scheme })
})

test.each([
  ['-i', 'or begin with a dot or a hyphen'],
  ['http://a\nb/', 'holds the character (U+000A)'],
  ['a\\b', 'holds the character \\ (U+005C)'],
  [' http://8.8.8.8/x', 'source_url begins with a blank.'],
  ['srt://1.2.3.4:99999', 'names the port 99999, and there is none above 65535'],
  ['srt://', 'must look like srt://HOST:PORT'],
  ['file:///a%00b', 'it holds the character (U+0000)'],
])('of %j people hear what is wrong with it', (text, said) => {
  expect(() => read(text)).toThrow(said)
})

test.each([
  '',
  '/etc/passwd',
  'file:///../x',
  'file:////etc/passwd/..',
  'file://other/x',
  'file:///a%00b',
  'file:///%zz',
  'a/./b',
  'a//b',
  '.hidden',
  '-i',
  'a/-i',
  'a\\b',
  'http://a\nb/',
  'http://a/\u2028',
  'rtmp://h/live/x live=1',
  'http://',
  'rtsp://10.0.0.5/x?listen',
  'rtsp://10.0.0.5/x?a=1&multicast',
  'srt://10.0.0.5',
  'srt://10.0.0.5:9000?mode=listener',
  'srt://10.0.0.5:9000?mode=rendezvous',
  'srt://10.0.0.5:9000?mode=caller&mode=listener',
  'srt://10.0.0.5:9000?localport=99',
  'srt://10.0.0.5:9000?latency=1?mode=listener',
  'rtsp://10.0.0.5/x?a=1?listen',
  'rtsps://10.0.0.5/x?a=1?http&b',
  'srt://10.0.0.5:9000?snddropdelay=1',
  'rtmp://localhost:3306/live/x',
  'rtmp://localhost/vod/x',
  'rtmp://localhost/live/..',
  'rtmp://localhost/live/x/y',
  'ftp://10.0.0.5/x',
  'udp://239.0.0.1:1234',
  'unix:/run/x.sock',
  'crypto:http://a/',
  'concatf:list.txt',
  'cache:http://a/',
  'async:x',
  "http://a'b/",
])('%j is refused, and the field is named', (text) => {
  expect(() => read(text)).toThrow(Problem)
  expect(() => read(text)).toThrow(/^source_url /)
})
