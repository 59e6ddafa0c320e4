import { urlHost } from '../../control-plane/addresses/addresses.ts'
import { npmCommand } from '../../control-plane/operators/command-line.ts'
import { PORTS } from './unit-plan.ts'

type Closing = {
  state: string
  /** It is not the checkout's own, so that commands must name it. */
  elsewhere: boolean
  /** Only on the first start: it is kept nowhere. */
  password: string | undefined
  /** Empty without --lan. */
  lan: string[]
}

/** What a person needs next, once all is up. */
export function closingTable({ state, elsewhere, password, lan }: Closing): string {
  const command = (...words: string[]) => npmCommand(words, elsewhere ? state : undefined)
  const rows = [
    ['landing page', `http://127.0.0.1:${PORTS.controlPlane}/`],
    ['console', `http://127.0.0.1:${PORTS.controlPlane}/console`],
    ['operator', password ? `admin, password ${password}` : `admin; a new password: ${command('password')}`],
    ['RTMP server', `rtmp://127.0.0.1:${PORTS.rtmp}/stream`],
    ['RTMP key', `golive (open: needs no secret); others: ${command('stream', 'add', 'NAME')}`],
    ['data', state],
  ]
  const table = rows.map(([name = '', value]) => `  ${name.padEnd(14)}${value}`)
  const once = password ? ['', `  This password is shown once. ${command('password')} makes a new one.`] : []
  return [
    '',
    ...table,
    ...once,
    ...(lan.length ? ['', ...lanLines(lan)] : []),
    '',
    'Press Ctrl-C to stop.',
  ].join('\n')
}

function lanLines(lan: string[]): string[] {
  return [
    '  Open to everybody in this network: the landing page, watching, and publishing to golive (other streams ask',
    '  for their key):',
    ...lan.flatMap((address) => [
      `    http://${urlHost(address)}:${PORTS.controlPlane}/   rtmp://${urlHost(address)}:${PORTS.rtmp}/stream`,
    ]),
  ]
}
