import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { existsSync } from 'node:fs'
import { mkdir, readdir, readFile, rename, rm } from 'node:fs/promises'
import { getuid } from 'node:process'
import { text } from 'node:stream/consumers'

/**
 * Makes the data folder of a private MariaDB unless there is one. Broken off half-way it leaves nothing that counts as a
 * database. Not by mariadb-install-db: that needs a program from the client's package, and half a second more.
 */
export async function initialiseDatabase({ dataFolder }: { dataFolder: string }): Promise<void> {
  if (!existsSync(`${dataFolder}/mysql`)) await makeDatabase(dataFolder)
  await mkdir(`${dataFolder}/${TEMPORARY}`, { recursive: true }) // also for one that an earlier release made
}

async function makeDatabase(dataFolder: string): Promise<void> {
  const unfinished = `${dataFolder}.unfinished`
  await rm(unfinished, { recursive: true, force: true })
  for (const folder of ['mysql', TEMPORARY]) await mkdir(`${unfinished}/${folder}`, { recursive: true })
  await bootstrap(unfinished, await systemTables())
  await rename(unfinished, dataFolder)
}

const TEMPORARY = 'temporary'

/** The program and arguments of a MariaDB that only this machine's owner reaches: by a Unix socket, as root without password. */
export function databaseCommand({ dataFolder, socket }: { dataFolder: string; socket: string }): string[] {
  return [
    ...serverOn(dataFolder),
    `--socket=${socket}`,
    `--pid-file=${socket}.pid`,
    '--skip-networking',
    '--character-set-server=utf8mb4',
    '--performance-schema=OFF',
    '--innodb-buffer-pool-size=96M',
    '--innodb-log-file-size=64M', // ten thousand nodes fill 8 MB in three seconds, and all would wait until it is written out
    '--key-buffer-size=1M',
  ]
}

function serverOn(dataFolder: string): string[] {
  return [
    existsSync('/usr/sbin/mariadbd') ? '/usr/sbin/mariadbd' : 'mariadbd', // not in an ordinary user's PATH
    '--no-defaults',
    `--datadir=${dataFolder}`,
    // In /tmp the next MariaDB that starts would take our temporary tables away, and ours those of others. Relative to the data
    // folder: a whole path might hold a colon, which here begins the next of a list.
    `--tmpdir=./${TEMPORARY}`,
    `--ignore-db-dirs=${TEMPORARY}`, // folders there are databases
    '--innodb-log-file-size=8M', // the default of 96 MB takes most of the time and space of a new database
    '--aria-pagecache-buffer-size=8M',
    ...(getuid?.() === 0 ? ['--user=root'] : []), // as root it refuses to run unless told so
  ]
}

async function bootstrap(dataFolder: string, sql: string): Promise<void> {
  const command = [...serverOn(dataFolder), '--bootstrap', '--log-warnings=0']
  // It must not outlive us: the next start would find it still writing.
  const server = spawn('setpriv', ['--pdeathsig=KILL', '--', ...command], {
    stdio: ['pipe', 'ignore', 'pipe'],
  })
  server.stdin.on('error', () => {}) // it died before it read all: its exit code and last words are the error
  server.stdin.end(sql)
  const [words, [code]] = await Promise.all([text(server.stderr), once(server, 'close')])
  if (code !== 0) throw new Error(`MariaDB could not make its database in ${dataFolder}: ${lastLine(words)}`)
}

const lastLine = (words: string) => words.trimEnd().split('\n').at(-1) || 'it said nothing'

/** Debian 12 keeps them in mysql/mysql_*.sql, later releases in mariadb/mariadb_*.sql. */
async function systemTables(): Promise<string> {
  const folder = ['/usr/share/mariadb', '/usr/share/mysql'].find(existsSync) ?? '/usr/share/mysql'
  const files = await readdir(folder)
  const read = (name: string) => {
    const file = files.find((each) => each === `mariadb_${name}.sql` || each === `mysql_${name}.sql`)
    if (!file) throw new Error(`${name}.sql is missing in ${folder}: is mariadb-server-core installed?`)
    return readFile(`${folder}/${file}`, 'utf8')
  }
  const tables = [
    await read('system_tables'),
    await read('performance_tables'),
    await read('system_tables_data'),
  ]
  return [
    'create database if not exists mysql;',
    'use mysql;',
    'set @auth_root_socket=NULL;',
    ...tables,
  ].join('\n')
}
