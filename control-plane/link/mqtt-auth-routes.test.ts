import { createKeyPair } from '@sixcast/shared/contract/identity-key.ts'
import { expect, test } from 'vitest'
import { linkRights } from './link-rights.ts'
import { mqttAuthRoutes } from './mqtt-auth-routes.ts'
import { nodePasswords } from './node-password.ts'

const id = 'a'.repeat(20)
const revoked = 'b'.repeat(20)
const window = { epoch: 0, highest: 0, seen: 0n }
const known = (revokedAt?: Date) => ({ id, name: 'box', publicKey: '', revokedAt, window })
const passwords = nodePasswords(createKeyPair())
const nodes = {
  find: async (asked: string) => (asked === id ? known() : asked === revoked ? known(new Date()) : undefined),
}
const app = mqttAuthRoutes({ rights: linkRights({ nodes, passwords }) })

async function ask(path: string, values: Record<string, string>) {
  const response = await app.request(`/v1/mqtt/auth/${path}`, {
    method: 'POST',
    body: new URLSearchParams({ vhost: '/', ...values }),
  })
  return response.text()
}

test.each([
  [id, () => passwords.create(id), 'allow'],
  [id, () => 'wrong', 'deny'],
  [revoked, () => passwords.create(revoked), 'deny'],
  ['c'.repeat(20), () => passwords.create('c'.repeat(20)), 'deny'],
])('the broker asks whether %s may connect', async (username, password, answer) => {
  expect(await ask('user', { username, password: password() })).toBe(answer)
})

test.each([
  ['vhost', { username: id }, 'allow'],
  ['vhost', { username: revoked }, 'deny'],
  ['resource', { username: id, resource: 'exchange', name: 'amq.topic', permission: 'write' }, 'allow'],
  ['resource', { username: id, resource: 'queue', name: 'mqtt-subscription-xqos0' }, 'allow'],
  ['resource', { username: id, resource: 'exchange', name: 'amq.direct' }, 'deny'],
  ['resource', { username: id, resource: 'queue', name: 'billing' }, 'deny'],
  ['topic', { username: id, permission: 'write', routing_key: `fleet.${id}.metrics` }, 'allow'],
  ['topic', { username: id, permission: 'write', routing_key: `fleet.${revoked}.metrics` }, 'deny'],
  ['topic', { username: id, permission: 'write', routing_key: `fleet.${id}.wake` }, 'deny'],
  ['topic', { username: id, permission: 'read', routing_key: `fleet.${id}.wake` }, 'allow'],
  ['topic', { username: id, permission: 'read', routing_key: 'fleet.#' }, 'deny'],
  ['topic', { username: id, permission: 'read', routing_key: `fleet.${id}.#` }, 'deny'],
  ['topic', { username: revoked, permission: 'write', routing_key: `fleet.${revoked}.metrics` }, 'deny'],
])('%s %j: %s', async (path, values, answer) => {
  expect(await ask(path, values as Record<string, string>)).toBe(answer)
})
