import { spawnSync } from 'node:child_process'

/**
 * The command, run in a network of its own: the promised ports are free there while `npm start` runs beside it.
 * The second link is there because a browser that sees only loopback believes it is offline.
 */
export function inOwnNetwork(command: string[]): string[] {
  const unshare = findWay()
  if (!unshare) {
    process.stderr.write(
      'This machine allows no network namespaces; the system tests take the real ports 1883, 1935, 8080, 8083, 8084 and 9090.\n',
    )
    return command
  }
  return ['unshare', ...unshare, '--', 'sh', '-c', `${prepare} && exec "$@"`, 'own-network', ...command]
}

/** Where they do not, two fleets cannot run beside each other. */
export const ownNetworksWork = () => findWay() !== undefined

/** Not as a root of its own namespace: nginx would try to become somebody else there, and may not. */
function findWay(): string[] | undefined {
  return [['--net'], ['--map-current-user', '--keep-caps', '--net']].find(works)
}

const prepare = [
  'ip link set lo up',
  'ip link add outside type veth peer name inside',
  'ip address add 192.0.2.1/24 dev outside',
  'ip link set outside up',
  'ip link set inside up',
].join(' && ')

function works(options: string[]): boolean {
  return spawnSync('unshare', [...options, '--', 'sh', '-c', prepare]).status === 0
}
