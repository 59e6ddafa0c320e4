import { execFile } from 'node:child_process'
import { promisify } from 'node:util'
import { NODE_COMPILE_CACHE } from './compile-cache.ts'

/** What a process says that cannot start with these settings. */
export async function refusedStart(main: string, env: Record<string, string>) {
  const started = promisify(execFile)(process.execPath, [main], { env: { NODE_COMPILE_CACHE, ...env } })
  const { code, stdout, stderr } = await started.then(
    () => expectRefusal(main),
    (error: { code: number; stdout: string; stderr: string }) => error,
  )
  return { code, stderr, lines: stdout.trimEnd().split('\n') }
}

function expectRefusal(main: string): never {
  throw new Error(`${main} has started and ended well`)
}
