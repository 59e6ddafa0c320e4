import { expect, test } from 'vitest'
import { freshDatabase } from '../../tests/setup/fresh-database.ts'
import { posterRepository } from './poster-repository.ts'
import { MOST_POSTER_BYTES } from './read-poster.ts'
import { streamPosters } from './stream-posters.ts'
import { streamRepository } from './stream-repository.ts'
import { streamViewRepository } from './stream-view-repository.ts'

const db = await freshDatabase()
const streams = streamRepository(db)
const repository = posterRepository(db)
const posters = streamPosters({ streams, posters: repository })
const views = streamViewRepository(db)
for (const name of ['harbour', 'other'])
  await streams.add({ name, title: name, description: '', open: false, created_at: new Date() })

const jpeg = (text: string) => Buffer.from(`\xff\xd8\xff${text}`, 'latin1')
const png = Buffer.from('\x89PNG\r\n\x1a\nrest', 'latin1')
const webp = Buffer.from('RIFF\x04\x00\x00\x00WEBPVP8 ', 'latin1')

test('a poster is kept under its hash, a new one takes its place, and it goes when it is taken away', async () => {
  await posters.setPoster('harbour', jpeg('first'))
  const first = (await views.find('harbour'))?.poster ?? ''
  expect(await repository.find('harbour', first)).toEqual({ type: 'image/jpeg', bytes: jpeg('first') })
  await posters.setPoster('harbour', png)
  const second = (await views.find('harbour'))?.poster ?? ''
  expect(await repository.find('harbour', first)).toBeUndefined()
  expect(await repository.find('harbour', second)).toEqual({ type: 'image/png', bytes: png })
  expect((await views.list()).map(({ name, poster }) => [name, poster])).toEqual([
    ['harbour', second],
    ['other', undefined],
  ])
  await posters.removePoster('harbour')
  expect((await views.find('harbour'))?.poster).toBeUndefined()
  await expect(posters.removePoster('harbour')).rejects.toMatchObject({ code: 'not-found' })
})

test('a poster of another kind, of another size or for no stream is refused, and the present one stays', async () => {
  await posters.setPoster('other', webp)
  const refused: [Buffer, string][] = [
    [Buffer.alloc(0), 'No picture was chosen.'],
    [Buffer.from('<svg onload="alert(1)">'), 'A poster is a JPEG, PNG or WebP; this file is none of these.'],
    [jpeg('x'.repeat(MOST_POSTER_BYTES)), 'A poster has at most 1 MB; this one has 1.1 MB.'],
  ]
  for (const [bytes, message] of refused)
    await expect(posters.setPoster('other', bytes)).rejects.toMatchObject({ message })
  await expect(posters.setPoster('nowhere', webp)).rejects.toMatchObject({ code: 'unknown-stream' })
  const kept = (await views.find('other'))?.poster ?? ''
  expect(await repository.find('other', kept)).toMatchObject({ type: 'image/webp' })
})
