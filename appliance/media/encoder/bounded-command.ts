/** Nothing of ours needs so much; what a hostile stream makes it ask for beyond is refused to it, not to the machine. */
const MOST_MEMORY_BYTES = 2 * 1024 ** 3

/** A command that reads what strangers send: it dies with us, whatever kills us, and has its bounds. */
export function boundedCommand(command: string[]): { program: string; args: string[] } {
  const limits = ['prlimit', `--data=${MOST_MEMORY_BYTES}`, '--core=0', '--']
  return { program: 'setpriv', args: ['--pdeathsig', 'KILL', '--', ...limits, ...command] }
}
