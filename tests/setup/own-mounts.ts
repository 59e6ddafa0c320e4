import { spawnSync } from 'node:child_process'

/** How a program gets mounts of its own here: as root, or as somebody who may pretend to be. Undefined where nobody may. */
export const ownMounts: string[] | undefined = [['--mount'], ['--map-root-user', '--mount']]
  .map((options) => ['unshare', ...options, '--'])
  .find(
    ([command = '', ...args]) =>
      spawnSync(command, [...args, 'mount', '-t', 'tmpfs', 'none', '/mnt']).status === 0,
  )
