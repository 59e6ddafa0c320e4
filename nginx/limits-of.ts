const [MOST_FILE_BYTES, STACK_BYTES] = [32 << 20, 256 << 20]

/** The command that an nginx of this configuration is to be started by: how far it may grow, or must be able to. */
export function limitsOf(template: string): string[] {
  return LIMITS[template] ?? []
}

const LIMITS: Record<string, string[]> = {
  /** Its access log lies in memory and is cut by media: while media is away it grows this far, and then what is not counted is lost. */
  'node-http.conf': ['env', '--ignore-signal=XFSZ', 'prlimit', `--fsize=${MOST_FILE_BYTES}`, '--'],
  /**
   * nginx-rtmp reads objects in objects by recursion, before it knows who sends them: a message of 1 MB, the largest that it
   * takes, has 262,144 of them. With the usual 8 MB of stack it would die, and all streams with it.
   */
  'node-rtmp.conf': ['prlimit', `--stack=${STACK_BYTES}:`, '--'],
}
