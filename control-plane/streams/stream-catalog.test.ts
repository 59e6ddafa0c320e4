import { expect, test } from 'vitest'
import { freshDatabase } from '../../tests/setup/fresh-database.ts'
import { streamCatalog } from './stream-catalog.ts'
import { streamRepository } from './stream-repository.ts'

const streams = streamRepository(await freshDatabase())
const catalog = streamCatalog({ streams })

test('a name is given once, also to two who ask at once', async () => {
  const added = await Promise.allSettled([1, 2, 3].map(() => catalog.addStream({ name: 'twice' })))
  expect(added.map(({ status }) => status).sort()).toEqual(['fulfilled', 'rejected', 'rejected'])
  await expect(catalog.addStream({ name: 'twice' })).rejects.toMatchObject({ code: 'name-taken' })
})

test.each(['', '-a', 'a b', 'a/b', '..', 'ä', 'a'.repeat(65), "a' or '1'='1"])(
  '%j is no name',
  async (name) => {
    await expect(catalog.addStream({ name })).rejects.toMatchObject({ code: 'bad-name' })
  },
)

test.each([
  ['title', 200],
  ['description', 5000],
])('a %s has at most %i characters, and is never cut off', async (field, most) => {
  const longest = { name: `long-${field}`, [field]: 'é'.repeat(most) }
  await catalog.addStream(longest)
  expect(await streams.find(longest.name)).toMatchObject(longest)
  const longer = { name: `longer-${field}`, [field]: 'é'.repeat(most + 1) }
  await expect(catalog.addStream(longer)).rejects.toMatchObject({
    code: 'bad-request',
    message: expect.stringMatching(`^${field}: `),
  })
  expect(await streams.find(longer.name)).toBeUndefined()
})

test('what the database itself refuses is not taken for a name that is taken', async () => {
  const stream = { name: 'cut', title: 'x'.repeat(201), description: '', open: false, created_at: new Date() }
  await expect(streams.add(stream)).rejects.toMatchObject({ code: 'ER_DATA_TOO_LONG' })
})

test('a stream without a title is called by its name', async () => {
  await catalog.addStream({ name: 'plain', title: '  ' })
  expect(await streams.find('plain')).toMatchObject({ title: 'plain', description: '', open: false })
})

test('keys are listed without their secrets, and revoked once', async () => {
  await catalog.addStream({ name: 'keyed' })
  const [first, second] = [await catalog.createKey('keyed'), await catalog.createKey('keyed')]
  await catalog.revokeKey('keyed', first.id)
  const keys = await catalog.listKeys('keyed')
  expect(keys.map(({ id }) => id).sort()).toEqual([first.id, second.id].sort())
  expect(keys.find(({ id }) => id === first.id)).toHaveProperty('revokedAt')
  expect(JSON.stringify(keys)).not.toContain(second.secret)
  await expect(catalog.revokeKey('keyed', first.id)).rejects.toMatchObject({ code: 'not-found' })
  await expect(catalog.createKey('nowhere')).rejects.toMatchObject({ code: 'unknown-stream' })
})

test('what viewers see of a stream is said piece by piece, and nothing else changes', async () => {
  await catalog.addStream({ name: 'listed', title: 'Before', description: 'Day and night' })
  await catalog.describeStream('listed', { category: ' Harbour ', shown: 'unlisted', place: -3 })
  const { title, description, category, shown, place } = (await streams.find('listed')) ?? expect.fail()
  expect({ title, description, category, shown, place }).toEqual({
    ...{ title: 'Before', description: 'Day and night' },
    ...{ category: 'Harbour', shown: 'unlisted', place: -3 },
  })
  await catalog.describeStream('listed', { title: ' ' })
  expect(await streams.find('listed')).toMatchObject({ title: 'listed', shown: 'unlisted' })
  for (const said of [
    {},
    { place: 1.5 },
    { place: Number.NaN },
    { shown: 'maybe' as 'public' },
    { category: 'x'.repeat(61) },
  ])
    await expect(catalog.describeStream('listed', said)).rejects.toMatchObject({ code: 'bad-request' })
  await expect(catalog.describeStream('nowhere', { place: 1 })).rejects.toMatchObject({
    code: 'unknown-stream',
  })
})

test('a new key in the place of all others is the only one that is good', async () => {
  await catalog.addStream({ name: 'rotated' })
  const old = [await catalog.createKey('rotated'), await catalog.createKey('rotated')]
  const { id } = await catalog.rotateKeys('rotated')
  const keys = await catalog.listKeys('rotated')
  expect(keys.filter(({ revokedAt }) => !revokedAt).map((key) => key.id)).toEqual([id])
  expect(keys.map((key) => key.id).toSorted()).toEqual([...old.map((key) => key.id), id].toSorted())
  await expect(catalog.rotateKeys('nothing')).rejects.toMatchObject({ code: 'unknown-stream' })
})
