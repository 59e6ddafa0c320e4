import { maskSecrets } from '@sixcast/shared/runtime/mask-secrets.ts'

/** A text that leaves the node for people to read: keys, passwords, tokens and claims stay where they are. Rather too much is masked than too little. */
export function withoutSecrets(text: string): string {
  return text.replaceAll(PRIVATE_KEY, '*** private key ***').split('\n').map(masked).join('\n')
}

/** Over as many lines as it has, and to the end of a text that breaks off within it. */
const PRIVATE_KEY =
  /-----BEGIN [A-Z ]*PRIVATE KEY-----(?:[\s\S]*?-----END [A-Z ]*PRIVATE KEY-----|(?:[A-Za-z0-9+/=\s]|\\n)*)/g

function masked(line: string): string {
  return maskSecrets(line)
    .replaceAll(USER, '://***@')
    .replaceAll(/sixcast-claim-[A-Za-z0-9._-]+/g, 'sixcast-claim-***')
    .replaceAll(/(\/verdict\/)[A-Za-z0-9_-]{20,}/g, '$1***')
    .replaceAll(HEADER, '$1***')
    .replaceAll(NAMED, '$1***')
}

/** A password may hold a slash. Of bounded length, or a line of many URLs would be looked through once from each. */
const USER = /:\/\/[^\s@"']{0,500}@/g

/** `Authorization: Digest username=…, response=…`, `Cookie: a=b; c=d`: all that follows. */
const HEADER = /(\b(?:proxy-)?(?:authorization|(?:set-)?cookie)\\?["']?\s*[=:]\s*\\?["']?)[^"'\\\n]+/gi

/** `key=abc`, `"accessToken":"a b"`, `privateKey: abc`, `?token=abc`: a quoted value to its quote, another to the next space. Nothing is matched before the name: a long word would be looked through once from each of its letters. */
const NAMED =
  /((?:(?<![A-Za-z])key|[_-]?(?:api|stream|private|access|secret)[_-]?key|pass(?:word|wd|phrase)|secret|token|signature)\\?["']?\s*[=:]\s*)(?:\\?"[^"\\]*|'[^']*|[^\s"'&;}\\]+)/gi
