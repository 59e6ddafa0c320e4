import { expect, test } from 'vitest'
import { runCommand } from './run-command.ts'

test('what a program says either way is kept, and how it ended', async () => {
  expect(await runCommand(['sh', '-c', 'cat; echo wrong >&2; exit 3'], { input: 'read ' })).toEqual({
    code: 3,
    said: 'read wrong',
  })
})

test('one that hangs is killed in time', async () => {
  expect((await runCommand(['sleep', '60'], { timeout: 50 })).code).toBeNull()
})

test('one that does not exist is a failure', async () => {
  await expect(runCommand(['/nowhere/nft'])).rejects.toThrow(/ENOENT/)
})
