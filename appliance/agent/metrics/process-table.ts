/** A process of this node, by what stands on its command line or in its environment: the folder all of them share. */
export function isOwn(commandLine: string, environment: string, runtimeDirectory: string): boolean {
  const folder = new RegExp(`${escaped(runtimeDirectory)}(?![A-Za-z0-9_-])`)
  return folder.test(commandLine) || folder.test(environment)
}

/** What people call it: media, agent, nginx, nginx-rtmp, ffmpeg. Node and nginx each run as several. */
export function processName(command: string, commandLine: string): string {
  const room = /\/([a-z-]+)\/main\.ts\b/.exec(commandLine)?.[1]
  if (room && /^(node|MainThread)/.test(command)) return room
  if (command === 'nginx' && commandLine.includes('rtmp')) return 'nginx-rtmp'
  return command
}

function escaped(text: string): string {
  return text.replace(/[.*+?^${}()|[\]\\]/g, '\\$&')
}
