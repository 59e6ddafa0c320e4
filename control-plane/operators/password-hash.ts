import { randomBytes, type ScryptOptions, scrypt, timingSafeEqual } from 'node:crypto'

/** 32 MB and a tenth of a second or so per try. Kept with each hash, so that they may be raised later. */
const COST = { N: 2 ** 15, r: 8, p: 1 }
const HASH = /^scrypt\$(\d+)\$(\d+)\$(\d+)\$([\w-]+)\$([\w-]+)$/

export async function hashPassword(password: string): Promise<string> {
  const salt = randomBytes(16)
  const derived = await derive(password, salt, COST)
  const { N, r, p } = COST
  return ['scrypt', N, r, p, salt.toString('base64url'), derived.toString('base64url')].join('$')
}

/** Without a hash (no such operator) it takes as long and says no, so that time tells nobody which names exist. */
export async function verifyPassword(password: string, hash = NOBODY): Promise<boolean> {
  const [, N, r, p, salt = '', expected = ''] = HASH.exec(hash) ?? []
  const stored = Buffer.from(expected, 'base64url')
  const cost = { N: Number(N), r: Number(r), p: Number(p) }
  const derived = await derive(password, Buffer.from(salt, 'base64url'), cost)
  return stored.length === derived.length && timingSafeEqual(stored, derived) && hash !== NOBODY
}

const NOBODY = `scrypt$${COST.N}$${COST.r}$${COST.p}$AAAAAAAAAAAAAAAAAAAAAA$${'A'.repeat(43)}`

function derive(password: string, salt: Buffer, cost: ScryptOptions): Promise<Buffer> {
  const options = { ...cost, maxmem: 256 * (cost.N ?? 1) * (cost.r ?? 1) }
  return new Promise((resolve, reject) => {
    // One character can be written in several ways; people type whichever their keyboard makes.
    scrypt(password.normalize('NFC'), salt, 32, options, (error, key) =>
      error ? reject(error) : resolve(key),
    )
  })
}
