import { expect, test } from 'vitest'
import { Refusal } from '../launcher/refusal.ts'
import { terminal } from '../launcher/terminal.ts'
import { converse } from './converse.ts'
import type { Verb } from './verbs.ts'

/** Follows a script in a lab that says the name of each verb and cannot kill. */
async function follow(script: string) {
  let said = ''
  const performed: string[] = []
  const perform = async ({ name }: Verb) => {
    performed.push(name)
    if (name === 'kill') throw new Refusal('Nothing can be killed here.')
    return { said: `(${name})` }
  }
  const screen = terminal((text) => {
    said += text
  })
  const code = await converse({ script, json: false, nodes: 2, perform, screen })
  return { code, said, performed }
}

test('a script is shown with what came of it, remarks and empty lines too', async () => {
  const { code, said } = await follow('# first\nstatus\n\nheal\n')
  expect(code).toBe(0)
  expect(said).toBe('lab> # first\nlab> status\n(status)\nlab> heal\n(heal)\n')
})

test.each([
  ['what cannot be done', 'status\nkill 1\nheal', 'Nothing can be killed here.'],
  ['what is no verb', 'status\nfrob\nheal', 'There is no verb "frob"'],
])('it ends with a failure at %s', async (_, script, sentence) => {
  const { code, said, performed } = await follow(script)
  expect(code).toBe(1)
  expect(said).toContain(sentence)
  expect(performed).not.toContain('heal')
})

test('quit ends it early, and well', async () => {
  expect(await follow('status\nquit\nheal')).toMatchObject({ code: 0, performed: ['status', 'quit'] })
})
