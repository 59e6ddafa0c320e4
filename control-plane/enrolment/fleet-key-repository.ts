import {
  createKeyPair,
  type KeyPair,
  privateKeyPem,
  readKeyPair,
} from '@sixcast/shared/contract/identity-key.ts'
import type { Database } from '../database/database.ts'

/** The key every claim carries and every answer about time is signed by. Of several processes that start at once, one makes it. */
export async function loadFleetKey(db: Database): Promise<KeyPair> {
  const stored = await find(db)
  if (stored) return readKeyPair(stored.private_key)
  await db
    .insertInto('fleet_key')
    .ignore()
    .values({ id: 1, private_key: privateKeyPem(createKeyPair()), created_at: new Date() })
    .execute()
  return loadFleetKey(db)
}

const find = (db: Database) =>
  db.selectFrom('fleet_key').select('private_key').where('id', '=', 1).executeTakeFirst()
