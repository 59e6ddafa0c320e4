import { spawn } from 'node:child_process'
import { once } from 'node:events'
import {
  copyFileSync,
  existsSync,
  mkdirSync,
  mkdtempSync,
  readFileSync,
  rmSync,
  symlinkSync,
  writeFileSync,
} from 'node:fs'
import { tmpdir } from 'node:os'
import { dirname } from 'node:path'
import { text } from 'node:stream/consumers'
import { ownMounts } from '../tests/setup/own-mounts.ts'

/** What setup.sh itself is made of. */
const TOOLS = 'bash chmod cmp cp dirname env flock grep mkdir mktemp mv rm tail touch uname'.split(' ')
const PROGRAMS = 'nginx ffmpeg mariadbd setpriv ip nft radvd chromium mpv wrk cvlc prometheus promtool'.split(
  ' ',
)
const MODULES = ['ngx_rtmp_module.so', 'ngx_stream_module.so']
/** Where the real machine keeps what the fake one must not find, and may not be changed. */
const COVERED = {
  '/usr/sbin': 'sbin',
  '/usr/lib/nginx/modules': 'modules',
  '/usr/share/nginx/modules': 'modules',
}

export const canFakeMachine = ownMounts !== undefined

export type FakeMachine = ReturnType<typeof fakeMachine>

/**
 * For tests: a checkout on a machine with systemd, used by root, on which nothing is missing. Every program is a script
 * that notes what it was asked; the sandbox covers the folders of the real machine that setup.sh looks or writes into.
 */
export function fakeMachine() {
  const folder = mkdtempSync(`${tmpdir()}/sixcast-machine-`)
  const file = (path: string) => `${folder}/${path}`

  function write(path: string, words = '', mode = 0o644) {
    mkdirSync(dirname(file(path)), { recursive: true })
    writeFileSync(file(path), words, { mode })
  }
  /** Puts a program on the machine, which then does this. */
  function program(name: string, does = '') {
    write(`bin/${name}`, `#!/bin/sh\necho "${name} $*" >>${file('asked')}\n${does}\n`, 0o755)
  }
  const read = (path: string) => readFileSync(file(path), 'utf8')
  function user(id: number) {
    write('bin/id', `#!/bin/sh\necho ${id}\n`, 0o755)
  }

  for (const room of ['sbin', 'modules', 'run/systemd/system', 'temporary'])
    mkdirSync(file(room), { recursive: true })
  mkdirSync(file('bin'))
  for (const tool of TOOLS) symlinkSync(`/usr/bin/${tool}`, file(`bin/${tool}`))
  for (const name of [...PROGRAMS, 'npm', 'systemctl']) program(name)
  for (const name of MODULES) write(`modules/${name}`)
  for (const [kind, names] of Object.entries({ bin: PROGRAMS, modules: MODULES }))
    for (const name of names) write(`packages/${kind}/${name}`, read(`${kind}/${name}`), 0o755)
  const installs = `cp -R ${file('packages')}/. ${folder}`
  program(
    'dpkg-deb',
    'mkdir -p usr/bin; for each in prometheus promtool; do cp "$2" usr/bin/$each; chmod 755 usr/bin/$each; done',
  )
  program('apt-get', asksPolicy(file('asked'), installs))
  user(0)
  write('asked')
  for (const lock of ['package-lock.json', 'node_modules/.sixcast-lock']) write(`checkout/${lock}`, 'lock')
  write('checkout/node_modules/.bin/node', '', 0o755)
  mkdirSync(file('checkout/provisioning'))
  copyFileSync(`${import.meta.dirname}/setup.sh`, file('checkout/provisioning/setup.sh'))

  return {
    program,
    user,
    write,
    /** For an apt-get of one's own: what brings all programs and modules back. */
    installs,
    has: (path: string) => existsSync(file(path)),
    read,
    without(...paths: string[]) {
      for (const path of paths) rmSync(file(path), { recursive: true })
    },

    /** Runs setup.sh there: its exit code, what it said, and what it asked others to do. */
    async setUp(purpose: string) {
      write('asked')
      const [command = '', ...mounts] = ownMounts ?? []
      const child = spawn(command, [...mounts, 'sh', '-c', sandbox, folder, purpose], {
        stdio: ['ignore', 'pipe', 'pipe'],
      })
      const [said, complained] = [text(child.stdout), text(child.stderr)]
      const [code] = await once(child, 'close')
      const asked = readFileSync(file('asked'), 'utf8').split('\n').filter(Boolean)
      return { code, said: await said, complained: await complained, asked }
    },
    remove: () => rmSync(folder, { recursive: true }),
  }
}

/** While apt installs, packages ask whether their services may start or restart. */
const asksPolicy = (asked: string, installs: string) => `
case "$*" in
  *--simulate*) ;;
  'download '*) echo a program >prometheus_1_amd64.deb ;;
  *' install '*)
    ${installs}
    for service in nginx radvd nftables ssh; do
      answer=0
      if [ -x /usr/sbin/policy-rc.d ]; then /usr/sbin/policy-rc.d $service start || answer=$?; fi
      echo "policy $service $answer" >>${asked}
    done ;;
esac`

const sandbox = [
  ...Object.entries(COVERED).map(
    ([real, fake]) => `{ [ ! -d ${real} ] || mount --bind "$0/${fake}" ${real}; }`,
  ),
  'mount --bind "$0/run" /run',
  'exec env -i PATH="$0/bin" TMPDIR="$0/temporary" bash "$0/checkout/provisioning/setup.sh" "$1"',
].join(' && ')
