import { spawnSync } from 'node:child_process'
import { Refusal } from '../launcher/refusal.ts'
import { CLOUD, CLOUD_NAME } from './topology.ts'

/**
 * The command that runs another in a world of its own: network, processes, and the folders where the lab keeps its things.
 * All of it is gone with the first process of that world, however that ends; and that one goes with the process that starts it.
 */
export function inOwnWorld(command: string[], env: NodeJS.ProcessEnv): string[] {
  const way = findWay(env)
  if (!way)
    throw new Refusal(
      'This machine does not let you have network namespaces of your own: run the lab as root, or allow them (on Ubuntu: sysctl kernel.apparmor_restrict_unprivileged_userns=0).',
    )
  return ['setpriv', '--pdeathsig=KILL', '--', 'unshare', ...way, ...world, ...command]
}

export const ownWorldsWork = (env: NodeJS.ProcessEnv) => findWay(env) !== undefined

/** As root, or as somebody who is taken for root in a world of his own. */
const findWay = (env: NodeJS.ProcessEnv) =>
  [[], ['--map-root-user']].find(
    (options) => spawnSync('unshare', [...options, ...world, 'true'], { env }).status === 0,
  )

/** There is no DNS in the lab: a name for the cloud, for nodes that have one family of addresses or the other. */
const HOSTS = `127.0.0.1 localhost\\n::1 localhost\\n${CLOUD.ipv6} ${CLOUD_NAME}\\n${CLOUD.ipv4} ${CLOUD_NAME}\\n`

const prepare = [
  "trap '' INT", // at a terminal Ctrl-C reaches all: it is the lab that ends the world
  'mount -t tmpfs -o mode=700 lab /dev/shm', // where all is kept
  'mount -t tmpfs lab /run', // where iproute2 keeps the names of namespaces
  `printf '${HOSTS}' >/run/hosts && mount --bind /run/hosts /etc/hosts`,
].join(' && ')

/** Its first process buries the orphans, which Node would not do; so it must stay a shell to the end. */
const world = [
  ...['--net', '--mount', '--pid', '--fork', '--kill-child=KILL', '--mount-proc', '--'],
  ...['sh', '-c', `${prepare} && "$@"; exit $?`, 'lab'],
]
