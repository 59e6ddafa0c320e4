import type { SMTPServerOptions } from 'smtp-server'
import { expect, test } from 'vitest'
import { startTestSmtp, withTest } from '../../tests/setup/start-test-receivers.ts'
import { sendMail } from './send-mail.ts'

const from = 'Sixcast <alerts@fleet.example>'
const letter = {
  to: 'ann@fleet.example, bob@fleet.example',
  subject: '[Sixcast] Zürich is out of reach',
  text: 'Zürich is out of reach.\n.\nA line.',
  messageId: '<a.over@alerts.sixcast>',
  about: '<a.opened@alerts.sixcast>',
}
const refusal = (responseCode: number, text: string) => Object.assign(new Error(text), { responseCode })

test('a letter reaches everybody it is for, under its own name and beneath the one it belongs to', async () => {
  const smtp = await withTest(startTestSmtp())
  expect(await sendMail({ url: smtp.url, from }, letter)).toEqual({
    is: 'sent',
    words: 'The mail server has taken it',
  })
  expect(smtp.letters).toMatchObject([
    { from: 'alerts@fleet.example', to: ['ann@fleet.example', 'bob@fleet.example'] },
  ])
  const text = smtp.letters[0]?.text ?? ''
  expect(text).toMatch(/^From: Sixcast <alerts@fleet\.example>\r$/m)
  expect(text).toMatch(/^Message-ID: <a\.over@alerts\.sixcast>\r$/m)
  expect(text).toMatch(/^In-Reply-To: <a\.opened@alerts\.sixcast>\r$/m)
  expect(text).toMatch(/^Auto-Submitted: auto-generated\r$/m)
  expect(text).toMatch(/^Subject: =\?UTF-8\?/m)
})

test('name and password are used, and stand in no word of a failure', async () => {
  const smtp = await withTest(
    startTestSmtp({
      onAuth: ({ username, password }, _, done) =>
        username === 'us' && password === 'the-password'
          ? done(null, { user: 'us' })
          : done(refusal(535, 'Authentication failed')),
    }),
  )
  const as = (password: string) => ({ url: `smtp://us:${password}@127.0.0.1:${smtp.port}`, from })
  expect(await sendMail(as('the-password'), letter)).toMatchObject({ is: 'sent' })
  const wrong = await sendMail(as('a-wrong-one'), letter)
  expect(wrong, 'it may be mended in the settings').toMatchObject({ is: 'failed' })
  expect(wrong.words).toMatch(/Authentication failed/)
  expect(wrong.words).not.toContain('a-wrong-one')
})

test('a password goes over no open line', async () => {
  const anybody: SMTPServerOptions = { onAuth: (_, __, done) => done(null, { user: 'us' }) }
  const smtp = await withTest(startTestSmtp(anybody, { host: '127.0.0.2' }))
  const open = await sendMail({ url: `smtp://us:secret@127.0.0.2:${smtp.port}`, from }, letter)
  expect(open).toEqual({ is: 'failed', words: expect.stringMatching(/STARTTLS|TLS/) })
  expect(smtp.letters).toEqual([])
})

test('nor to a server that nobody vouches for', async () => {
  const anybody: SMTPServerOptions = {
    disabledCommands: [],
    onAuth: (_, __, done) => done(null, { user: 'us' }),
  }
  const smtp = await withTest(startTestSmtp(anybody))
  const outcome = await sendMail({ url: `smtp://us:secret@127.0.0.1:${smtp.port}`, from }, letter)
  expect(outcome).toEqual({ is: 'failed', words: expect.stringMatching(/certificate/i) })
  expect(smtp.letters).toEqual([])
})

test('recipients that are refused for good are said so; for now, it is tried again', async () => {
  let code = 550
  const smtp = await withTest(
    startTestSmtp({ onRcptTo: (_, __, done) => done(refusal(code, 'No such person')) }),
  )
  expect(await sendMail({ url: smtp.url, from }, letter)).toEqual({
    is: 'refused',
    words: expect.stringContaining('No such person'),
  })
  code = 450
  expect(await sendMail({ url: smtp.url, from }, letter)).toMatchObject({ is: 'failed' })
})

test('one of two that is refused is named, and the other gets the letter', async () => {
  const smtp = await withTest(
    startTestSmtp({
      onRcptTo: ({ address }, _, done) => done(address.startsWith('bob') ? refusal(550, 'No') : null),
    }),
  )
  expect(await sendMail({ url: smtp.url, from }, letter)).toEqual({
    is: 'sent',
    words: 'The mail server has taken it, but not for bob@fleet.example',
  })
})

test('without a mail server, and with one that is away, it is said', async () => {
  expect(await sendMail(undefined, letter)).toEqual({
    is: 'failed',
    words: expect.stringContaining('set SMTP_URL'),
  })
  const smtp = await startTestSmtp()
  await smtp.stop()
  expect(await sendMail({ url: smtp.url, from }, letter)).toEqual({
    is: 'failed',
    words: expect.stringMatching(/has not taken it: .*ECONNREFUSED/),
  })
})
