import { randomBytes } from 'node:crypto'

/** Of 120 random bits. */
export const newPassword = () => readable(randomBytes(15))

/** Six groups of four, without characters that look alike. */
function readable(bytes: Buffer): string {
  const letters = [...bytes].flatMap((byte) => byte.toString(2).padStart(8, '0')).join('')
  const symbols = (letters.match(/.{5}/g) ?? []).map((bits) => ALPHABET[Number.parseInt(bits, 2)])
  return (symbols.join('').match(/.{4}/g) ?? []).join('-')
}

const ALPHABET = 'abcdefghjkmnpqrstuvwxyz023456789'
