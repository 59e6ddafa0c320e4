import { createHash, randomBytes } from 'node:crypto'

/** For secrets of 128 random bits and more: nobody can guess those, so a slow hash would only slow us. */
export const hashSecret = (secret: string) => createHash('sha256').update(secret).digest('base64url')

/** 192 bits, as a word that needs no escaping anywhere. */
export const newSecret = () => randomBytes(24).toString('base64url')
