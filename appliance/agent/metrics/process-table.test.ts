import { expect, test } from 'vitest'
import { isOwn, processName } from './process-table.ts'

const RUN = '/dev/shm/sixcast-0123abcd/node-1'

test.each([
  ['by its command line', `nginx: master process nginx -c ${RUN}/nginx.conf`, '', true],
  ['by its environment', 'node main.ts', `A=1\0RUNTIME_DIRECTORY=${RUN}\0B=2`, true],
  ['not of another node of this machine', 'node main.ts', `RUNTIME_DIRECTORY=${RUN}0`, false],
  ['not of anybody else', 'nginx -c /etc/nginx/nginx.conf', 'HOME=/', false],
])('a process is ours %s', (_, commandLine, environment, expected) => {
  expect(isOwn(commandLine, environment, RUN)).toBe(expected)
})

test.each([
  ['node', 'node appliance/media/main.ts', 'media'],
  ['MainThread', '/usr/bin/node /opt/sixcast/appliance/agent/main.ts', 'agent'],
  ['nginx', `nginx: master process nginx -c ${RUN}/rtmp.conf`, 'nginx-rtmp'],
  ['nginx', `nginx: master process nginx -c ${RUN}/nginx.conf`, 'nginx'],
  ['ffmpeg', 'ffmpeg -i rtmp://127.0.0.1:1935/stream/main.ts', 'ffmpeg'],
])('%s run as «%s» is called %s', (command, commandLine, name) => {
  expect(processName(command, commandLine)).toBe(name)
})
