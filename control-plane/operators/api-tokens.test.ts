import { expect, test } from 'vitest'
import { freshDatabase } from '../../tests/setup/fresh-database.ts'
import { apiTokenRepository } from './api-token-repository.ts'
import { apiTokens } from './api-tokens.ts'
import { operatorAccounts } from './operator-accounts.ts'
import { operatorRepository } from './operator-repository.ts'

const DAY = 86_400_000
const db = await freshDatabase()
let now = new Date('2026-11-20T12:00:00Z')
const accounts = operatorAccounts({ operators: operatorRepository(db), now: () => now })
const tokens = apiTokens({ apiTokenRows: apiTokenRepository(db), now: () => now })
await accounts.resetPassword('admin')
await accounts.invite('ann', 'operator')
const ann = { operator: 'ann', role: 'operator' } as const
const wanted = (name: string, more: object = {}) => ({ name, scope: 'read', days: 30, ...more })

test('a token is told once, is of its owner, and stands in the database as a hash alone', async () => {
  const { token, id } = await tokens.makeToken(ann, wanted('backup'))
  expect(token).toMatch(/^sixcast_[\w-]{32}$/)
  expect(JSON.stringify(await db.selectFrom('api_token').selectAll().execute())).not.toContain(token.slice(8))
  expect(await tokens.useToken(token, '192.0.2.7')).toEqual({
    ...{ operator: 'ann', role: 'operator', token: 'backup', scope: 'read' },
  })
  expect(await tokens.useToken(`${token}x`, '192.0.2.7')).toBeUndefined()
  await expect(tokens.revokeToken('admin', id)).rejects.toMatchObject({ code: 'not-found' })
  await tokens.revokeToken('ann', id)
  expect(await tokens.useToken(token, '192.0.2.7')).toBeUndefined()
})

test('that it was used is written once a minute at most, with from where', async () => {
  const { token } = await tokens.makeToken(ann, wanted('often'))
  const used = async () => (await tokens.listTokens('ann')).find(({ name }) => name === 'often')?.used
  expect(await used()).toBeUndefined()
  await tokens.useToken(token, '192.0.2.7')
  const first = { at: now, from: '192.0.2.7' }
  now = new Date(now.getTime() + 59_000)
  await tokens.useToken(token, '192.0.2.8')
  expect(await used()).toEqual(first)
  now = new Date(now.getTime() + 1000)
  await tokens.useToken(token, '192.0.2.8')
  expect(await used()).toEqual({ at: now, from: '192.0.2.8' })
})

test('after its time a token is told so, stays in the list for a month, and opens nothing', async () => {
  const { token } = await tokens.makeToken(ann, wanted('short-lived'))
  now = new Date(now.getTime() + 30 * DAY)
  await expect(tokens.useToken(token, '')).rejects.toThrow('The token short-lived has expired.')
  const isExpired = (await tokens.listTokens('ann')).find(({ name }) => name === 'short-lived')?.isExpired
  expect(isExpired).toBe(true)
  const rows = apiTokenRepository(db)
  expect(await rows.removeExpired(new Date(now.getTime() - 30 * DAY))).toBe(0)
  expect(await rows.removeExpired(new Date(now.getTime() + 1))).toBeGreaterThan(0)
})

test('whoever is removed takes his tokens along, also when somebody of his name comes again', async () => {
  await accounts.invite('bob', 'operator')
  const { token } = await tokens.makeToken({ operator: 'bob', role: 'operator' }, wanted('bobs'))
  expect(await accounts.listPeople()).toContainEqual(expect.objectContaining({ name: 'bob', tokens: 1 }))
  await accounts.removePerson('bob')
  await accounts.invite('bob', 'operator')
  expect(await tokens.useToken(token, '')).toBeUndefined()
})

test.each([
  ['no name', wanted(' '), 'bad-request'],
  ['a name of markup', wanted('<b>'), 'bad-request'],
  ['a name without end', wanted('x'.repeat(41)), 'bad-request'],
  ['a scope that is none', wanted('a', { scope: 'all' }), 'bad-request'],
  ['a time that is not offered', wanted('a', { days: 10_000 }), 'bad-request'],
  ['a name twice', wanted('often'), 'name-taken'],
])('%s makes no token', async (_, said, code) => {
  await tokens.makeToken(ann, wanted('often')).catch(() => {})
  await expect(tokens.makeToken(ann, said)).rejects.toMatchObject({ code })
})

test('a scope with which one can do nothing is not given, and there is an end to how many', async () => {
  const support = { operator: 'ann', role: 'support' } as const
  await expect(tokens.makeToken(support, wanted('a', { scope: 'fleet' }))).rejects.toThrow(
    'Your role is support',
  )
  const many = Array.from({ length: 50 }, (_, at) => wanted(`t${at}`))
  for (const each of many) await tokens.makeToken({ operator: 'admin', role: 'admin' }, each)
  await expect(tokens.makeToken({ operator: 'admin', role: 'admin' }, wanted('more'))).rejects.toThrow('50')
})

test('a new password from an admin takes tokens back', async () => {
  await accounts.invite('eve', 'support')
  const { token } = await tokens.makeToken({ operator: 'eve', role: 'support' }, wanted('kept'))
  expect(await tokens.useToken(token, '192.0.2.7')).toBeDefined()
  await accounts.resetPassword('eve')
  expect(await tokens.useToken(token, '192.0.2.7')).toBeUndefined()
})
