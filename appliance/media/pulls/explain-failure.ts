import { maskSecrets } from '@sixcast/shared/runtime/mask-secrets.ts'

/** What ffmpeg's complaint means, in words for people; without them, its last line as it is. */
export function whyNot(complaint: string, called: string): string {
  const [, meaning] = MEANINGS.find(([pattern]) => pattern.test(complaint)) ?? []
  if (meaning) return `${called} ${meaning}.`
  const [last = ''] = complaint.trim().split('\n').slice(-1)
  const said = maskSecrets(last.replace(/^\[[^\]]*\] /, '').replace(/^pipe:0: /, '')).slice(0, 200)
  return said ? `${called} cannot be opened: ${said}` : `${called} does not answer.`
}

const MEANINGS: [RegExp, string][] = [
  [/Unauthorized/, 'asks for another user name or password'],
  [/Forbidden/, 'refuses to be read, or leads to an address that may not be read'],
  [/Not Found|No such file/, 'has nothing under this address'],
  [/No such stream|Operation not permitted/, 'has nothing under this name, or refuses to be read'],
  [/Connection refused/, 'refuses connections'],
  [/No route to host|Network is unreachable/, 'cannot be reached from here: look at its power and its cable'],
  [/461 |Protocol not supported/, 'sends over UDP alone: have it send RTSP over TCP'],
  [/not on whitelist/, 'leads to something of another kind, which is not opened'],
  [/Connection to srt:.* failed: Input\/output error/, 'does not answer, or wants another passphrase'],
  [/timed out|ETIMEDOUT|Input\/output error/i, 'does not answer'],
  [/Invalid data|could not find codec|Unknown format|moov atom/i, 'sends nothing that can be decoded'],
  [/5XX Server|HTTP error 5\d\d/, 'cannot be reached, or is in trouble itself'],
  [/End of file|reset by peer|Broken pipe/i, 'hung up'],
]
