import { afterEach, beforeEach, expect, test as plainTest } from 'vitest'
import { canFakeMachine, type FakeMachine, fakeMachine } from './fake-machine.ts'

const test = plainTest.runIf(canFakeMachine)
let machine: FakeMachine

beforeEach(() => {
  machine = fakeMachine()
})
afterEach(() => machine.remove())

/** What apt was told to install. */
const installed = (asked: string[]) =>
  asked.flatMap((line) => /^apt-get .* install --yes .*--quiet (.*)$/.exec(line)?.[1] ?? [])

test.each(['run', 'lab', 'test', 'deep', 'bench'])(
  'where nothing is missing, nothing is asked or said (%s)',
  async (purpose) => {
    expect(await machine.setUp(purpose)).toEqual({ code: 0, said: '', complained: '', asked: [] })
  },
)

test('what is missing is named, and exactly that is installed', async () => {
  machine.without('bin/ffmpeg', 'modules/ngx_rtmp_module.so')
  const { code, said, asked } = await machine.setUp('run')
  expect(code).toBe(0)
  expect(said).toBe('Installing from apt: libnginx-mod-rtmp ffmpeg\n')
  expect(installed(asked)).toEqual(['libnginx-mod-rtmp ffmpeg'])
  expect(asked.filter((line) => /update|systemctl/.test(line))).toEqual([])
})

test.each([
  ['run', 'nginx libnginx-mod-rtmp libnginx-mod-stream ffmpeg mariadb-server-core util-linux'],
  [
    'lab',
    'nginx libnginx-mod-rtmp libnginx-mod-stream ffmpeg mariadb-server-core util-linux iproute2 nftables radvd',
  ],
  [
    'test',
    'nginx libnginx-mod-rtmp libnginx-mod-stream ffmpeg mariadb-server-core util-linux iproute2 nftables radvd chromium mpv',
  ],
  [
    'deep',
    'nginx libnginx-mod-rtmp libnginx-mod-stream ffmpeg mariadb-server-core util-linux iproute2 nftables radvd chromium mpv vlc-bin vlc-plugin-base',
  ],
  [
    'bench',
    'nginx libnginx-mod-rtmp libnginx-mod-stream ffmpeg mariadb-server-core util-linux iproute2 nftables radvd chromium mpv wrk',
  ],
])('an empty machine gets all that is needed to %s', async (purpose, packages) => {
  const programs = [
    'nginx',
    'ffmpeg',
    'mariadbd',
    'setpriv',
    'ip',
    'nft',
    'radvd',
    'chromium',
    'mpv',
    'wrk',
    'cvlc',
  ]
  machine.without(...programs.map((name) => `bin/${name}`))
  machine.without('modules/ngx_rtmp_module.so', 'modules/ngx_stream_module.so')
  expect(installed((await machine.setUp(purpose)).asked)).toEqual([packages])
})

test('a program in an sbin folder counts, although that is not in the PATH of an ordinary user', async () => {
  machine.without('bin/nginx')
  machine.write('sbin/nginx', '#!/bin/sh\n', 0o755)
  expect(await machine.setUp('run')).toMatchObject({ code: 0, asked: [] })
})

test('a list of packages that is too old is brought up to date first', async () => {
  machine.without('bin/ffmpeg')
  machine.program(
    'apt-get',
    `case $1 in update) touch /run/updated ;; *) [ -e /run/updated ] && ${machine.installs} ;; esac`,
  )
  const { code, asked } = await machine.setUp('run')
  expect(code).toBe(0)
  expect(asked.map((line) => line.split(' ').slice(0, 3).join(' '))).toEqual([
    'apt-get install --simulate',
    'apt-get update --quiet',
    'apt-get -o DPkg::Lock::Timeout=120',
  ])
})

test('who is not root installs by sudo', async () => {
  machine.user(1000)
  machine.without('bin/ffmpeg')
  machine.program('sudo', 'case $1 in -n) exit 0 ;; esac\nexport BY_SUDO=yes\nexec "$@"')
  machine.program('apt-get', `[ "$BY_SUDO" = yes ] && ${machine.installs}`)
  const { code, said, asked } = await machine.setUp('run')
  expect(code).toBe(0)
  expect(said).toBe('Installing from apt with sudo: ffmpeg\n')
  expect(installed(asked)).toEqual(['ffmpeg'])
})

const ways: [string, (machine: FakeMachine) => void, RegExp][] = [
  ['there is no apt', (machine) => machine.without('bin/apt-get'), /this machine has no apt/],
  ['there is no sudo', (machine) => machine.user(1000), /you are not root and cannot use sudo/],
  [
    'sudo wants a password and nobody is there to type it',
    (machine) => {
      machine.user(1000)
      machine.program('sudo', 'exit 1')
    },
    /you are not root and cannot use sudo/,
  ],
  [
    'apt cannot',
    (machine) => machine.program('apt-get', 'echo "E: no such package" >&2; exit 100'),
    /no such package\n.*apt could not install it/s,
  ],
]
test.each(ways)('where %s, the list is said and it ends', async (_, make, reason) => {
  machine.without('bin/ffmpeg', 'bin/mariadbd')
  make(machine)
  const { code, complained, asked } = await machine.setUp('run')
  expect(code).toBe(1)
  expect(complained).toMatch(reason)
  expect(complained).toContain('apt-get install ffmpeg mariadb-server-core)')
  expect(asked.join('\n')).not.toMatch(/npm|systemctl|sudo env/)
  expect(machine.has('sbin/policy-rc.d')).toBe(false)
})

test('what is missing although apt has installed it is said so, not left to the launcher', async () => {
  machine.without('bin/mariadbd', 'modules/ngx_rtmp_module.so')
  machine.program('apt-get')
  const { code, complained } = await machine.setUp('run')
  expect(code).toBe(1)
  expect(complained).toMatch(/are not there: libnginx-mod-rtmp mariadb-server-core\n/)
  expect(complained).toContain('apt-get install --reinstall libnginx-mod-rtmp mariadb-server-core')
})

test('the service of an nginx that is new does not start, now or later; others may', async () => {
  machine.without('bin/nginx')
  const { asked } = await machine.setUp('run')
  expect(asked).toContain('policy nginx 101')
  expect(asked).toContain('policy ssh 0')
  expect(asked.at(-1)).toBe('systemctl disable --now --quiet nginx.service')
  expect(machine.has('sbin/policy-rc.d'), 'it was for the installation alone').toBe(false)
})

test('the services that come with the tools of the lab do not start either', async () => {
  machine.without('bin/nft', 'bin/radvd')
  const { asked } = await machine.setUp('lab')
  expect(asked).toEqual(expect.arrayContaining(['policy radvd 101', 'policy nftables 101', 'policy ssh 0']))
  expect(asked.filter((line) => line.startsWith('systemctl'))).toEqual([
    'systemctl disable --now --quiet nftables.service',
    'systemctl disable --now --quiet radvd.service',
  ])
})

test('the service of an nginx that was there is neither restarted nor disabled', async () => {
  machine.without('modules/ngx_rtmp_module.so')
  const { asked } = await machine.setUp('run')
  expect(asked).toContain('policy nginx 101')
  expect(asked.filter((line) => line.startsWith('systemctl'))).toEqual([])
})

test('without systemd nobody is asked to disable a service', async () => {
  machine.without('bin/nginx', 'run/systemd/system')
  expect((await machine.setUp('run')).asked.filter((line) => line.startsWith('systemctl'))).toEqual([])
})

test('rules that the machine has for services stay as they are', async () => {
  const rules = '#!/bin/sh\nexit 104\n'
  machine.write('sbin/policy-rc.d', rules, 0o755)
  machine.without('bin/nginx')
  expect((await machine.setUp('run')).asked).toContain('policy ssh 104')
  expect(machine.read('sbin/policy-rc.d')).toBe(rules)
})

test('npm packages are installed when the lock file is another, and then not again', async () => {
  machine.write('checkout/package-lock.json', 'newer')
  const first = await machine.setUp('run')
  expect(first.said).toBe('Installing npm packages\n')
  expect(first.asked).toEqual(['npm ci --no-audit --no-fund --loglevel=error'])
  expect((await machine.setUp('run')).asked).toEqual([])
})

test('npm’s complaint is passed on, and the next time it is tried again', async () => {
  machine.write('checkout/package-lock.json', 'newer')
  machine.program('npm', 'echo "npm error: no network" >&2; exit 1')
  expect(await machine.setUp('run')).toMatchObject({
    code: 1,
    complained: expect.stringMatching(/no network/),
  })
  expect((await machine.setUp('run')).asked).toHaveLength(1)
})

test('a machine without npm, or for which there is no Node, is told so', async () => {
  machine.without('checkout/node_modules/.bin/node')
  expect(await machine.setUp('run')).toMatchObject({
    code: 1,
    complained: expect.stringMatching(/no Node 24/),
  })
  machine.without('bin/npm')
  expect(await machine.setUp('run')).toMatchObject({
    code: 1,
    complained: expect.stringMatching(/install npm/),
  })
})

test('of Prometheus the tests get the two programs that they use, without its package and its service', async () => {
  machine.without('bin/promtool')
  expect((await machine.setUp('run')).asked).toEqual([])
  const { code, said, asked } = await machine.setUp('test')
  expect(code).toBe(0)
  expect(said).toBe('Fetching prometheus from apt\n')
  expect(asked).toEqual([
    'apt-get download --quiet prometheus',
    expect.stringMatching(/^dpkg-deb --extract prometheus_\S+ \.$/),
  ])
  for (const program of ['prometheus', 'promtool'])
    expect(machine.read(`checkout/node_modules/.bin/${program}`)).toBe('a program\n')
  expect((await machine.setUp('test')).asked).toEqual([])
})

test('without them everything else is tested', async () => {
  machine.without('bin/promtool')
  machine.program('apt-get', 'echo "E: no network" >&2; exit 100')
  const { code, complained, asked } = await machine.setUp('test')
  expect(code).toBe(0)
  expect(complained).toMatch(/no network\n.*the tests of \/metrics that use them are skipped\.\n$/s)
  expect(asked.map((line) => line.split(' ')[1])).toEqual(['download', 'update'])
  expect(machine.has('checkout/node_modules/.bin/promtool')).toBe(false)
})

test('an unknown purpose is answered with how it is used', async () => {
  expect(await machine.setUp('bake')).toMatchObject({
    code: 1,
    complained: 'usage: setup.sh run|lab|test|deep|bench\n',
    asked: [],
  })
})
