import { describe } from '@sixcast/shared/runtime/log.ts'
import { maskSecrets } from '@sixcast/shared/runtime/mask-secrets.ts'
import { createTransport } from 'nodemailer'
import type { Outcome } from './next-attempt.ts'

/** The mail server that takes our mail, as the environment names it. */
export type MailServer = { url: string; from: string }

type Letter = {
  to: string
  subject: string
  text: string
  /** The same however often it is tried: whoever gets it twice sees one. */
  messageId: string
  /** The letter it belongs to. */
  about?: string
  /** This process ends. */
  stopping?: AbortSignal | undefined
}

const TIMEOUTS = {
  connectionTimeout: 10_000,
  greetingTimeout: 10_000,
  dnsTimeout: 10_000,
  socketTimeout: 20_000,
}
const LOCAL = new Set(['localhost', '127.0.0.1', '[::1]'])

/** One attempt, over a connection of its own: there is one in minutes at most. */
export async function sendMail(server: MailServer | undefined, letter: Letter): Promise<Outcome> {
  if (!server)
    return { is: 'failed', words: 'This control plane knows no mail server: set SMTP_URL and MAIL_FROM' }
  const { to, subject, text, messageId, about, stopping } = letter
  const transport = createTransport({
    ...{ url: server.url, ...TIMEOUTS },
    // A password goes over no open line.
    requireTLS: needsTls(server.url),
    ...{ disableFileAccess: true, disableUrlAccess: true },
  })
  try {
    const sent = await transport.sendMail({
      ...{ from: server.from, to, subject, text, messageId },
      ...(about !== undefined && { inReplyTo: about, references: about }),
      headers: { 'auto-submitted': 'auto-generated' },
      signal: stopping,
    })
    const not = sent.rejected.length > 0 ? `, but not for ${sent.rejected.join(', ')}` : ''
    return { is: 'sent', words: `The mail server has taken it${not}` }
  } catch (error) {
    return { is: isFinal(error) ? 'refused' : 'failed', words: failureWords(error) }
  } finally {
    transport.close()
  }
}

function needsTls(url: string): boolean {
  const { protocol, username, hostname } = new URL(url)
  return protocol === 'smtp:' && username !== '' && !LOCAL.has(hostname)
}

/** A refusal of the letter or of all who should get it. A login that fails is mended in the settings, and then tried again. */
function isFinal(error: unknown): boolean {
  const { code, responseCode } = error as { code?: unknown; responseCode?: unknown }
  return (
    (code === 'EENVELOPE' || code === 'EMESSAGE') && typeof responseCode === 'number' && responseCode >= 500
  )
}

/** Neither who logs in nor how stands in it. */
const failureWords = (error: unknown) =>
  maskSecrets(`The mail server has not taken it: ${describe(error).replaceAll(/\s+/g, ' ')}`).slice(0, 400)
