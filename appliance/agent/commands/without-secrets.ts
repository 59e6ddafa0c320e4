import { maskSecrets } from '@sixcast/shared/runtime/mask-secrets.ts'

/** A text that leaves the node for people to read: keys, passwords, tokens and claims stay where they are. */
export function withoutSecrets(text: string): string {
  return text.split('\n').map(masked).join('\n')
}

function masked(line: string): string {
  return maskSecrets(line)
    .replaceAll(/sixcast-claim-[A-Za-z0-9._-]+/g, 'sixcast-claim-***')
    .replaceAll(
      /-----BEGIN [A-Z ]*PRIVATE KEY-----.*?(?:-----END [A-Z ]*PRIVATE KEY-----|$)/g,
      '*** private key ***',
    )
    .replaceAll(NAMED, '$1***')
}

/** `key=abc`, `"password":"abc"`, `authorization: Bearer abc`, `?token=abc`. */
const NAMED =
  /((?:\b|_)(?:stream_?key|key|pass(?:word|wd)?|secret|token|signature|authorization|cookie)\\?["']?\s*[=:]\s*\\?["']?(?:Bearer |Basic )?)[^\s"'&,;}\\]+/gi
