import { spawnSync } from 'node:child_process'
import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { afterAll, expect, test } from 'vitest'

const folder = mkdtempSync(`${tmpdir()}/sixcast operate-`)
afterAll(() => rmSync(folder, { recursive: true }))

function operate(args: string[], env: Record<string, string> = {}) {
  const { status, stdout, stderr } = spawnSync(process.execPath, ['provisioning/operate.ts', ...args], {
    env,
    encoding: 'utf8',
  })
  return { status, stdout, stderr }
}

test('help is given without a fleet', () => {
  const { status, stdout } = operate(['stream', '--help'])
  expect(status).toBe(0)
  expect(stdout).toMatch(/--state DIR .*SIXCAST_STATE/)
})

test('what is no command is said so without a fleet', () => {
  expect(operate(['stream', 'lst', '--state', folder])).toEqual({
    status: 1,
    stdout: '',
    stderr:
      'There is no command stream lst: stream takes list, add, describe, key, revoke or mirrors. npm run stream -- --help lists the commands.\n',
  })
})

test('the folder from which no fleet runs is the one that was named', () => {
  const sentence = `No fleet runs from ${folder}: npm start -- --state '${folder}' starts one.\n`
  expect(operate(['node', 'list', '--state', folder])).toMatchObject({ status: 1, stderr: sentence })
  expect(operate(['node', 'list'], { SIXCAST_STATE: folder })).toMatchObject({ status: 1, stderr: sentence })
  expect(operate(['claim', '--state', folder], { SIXCAST_STATE: '/x' }).stderr).toBe(sentence)
})
