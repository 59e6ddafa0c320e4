import { expect, test } from 'vitest'
import { ROLES } from './roles.ts'
import { SCOPES, scopesOf, tokenMayDo } from './token-scopes.ts'

/** Which tokens of an admin are let in: r read, f fleet, c content, k claims. */
test.each<[string, string, string]>([
  ['GET', '/v1/audit', 'r'],
  ['GET', '/v1/experience', 'r'],
  ['GET', '/v1/why/harbour', 'r'],
  ['GET', '/v1/nodes', 'rf'],
  ['GET', '/v1/nodes/a/configuration', 'rf'],
  ['HEAD', '/v1/nodes/a/configuration', 'rf'],
  ['PUT', '/v1/nodes/a/configuration', 'f'],
  ['POST', '/v1/nodes/a/configuration/rollback', 'f'],
  ['GET', '/v1/nodes/a/commands', 'rf'],
  ['POST', '/v1/nodes/a/commands', 'f'],
  ['GET', '/v1/nodes/a/commands/b/diagnostics', 'rf'],
  ['PUT', '/v1/nodes/a/duty', 'f'],
  ['GET', '/v1/mirrors/rule', 'rf'],
  ['PUT', '/v1/mirrors/rule', 'f'],
  ['GET', '/v1/streams/harbour/mirrors', 'rfc'],
  ['PUT', '/v1/streams/harbour/mirrors', 'f'],
  ['GET', '/v1/streams', 'rc'],
  ['POST', '/v1/streams', 'c'],
  ['GET', '/v1/streams/harbour', 'rc'],
  ['PUT', '/v1/streams/harbour/listing', 'c'],
  ['POST', '/v1/streams/harbour/keys', ''],
  ['GET', '/v1/claims', 'rk'],
  ['POST', '/v1/claims', 'k'],
  ['DELETE', '/v1/claims/a', 'k'],
  ['GET', '/v1/nodes/a/verdict', 'rfk'],
  ['POST', '/v1/nodes/a/verdict-link', 'k'],
  ['POST', '/v1/heartbeat', ''],
  ['POST', '/v1/whatever-comes', ''],
  ['DELETE', '/v1/nodes/a', ''],
  ['GET', '/v1/', ''],
  ['GET', '/console', ''],
  ['GET', '/console/me', ''],
  ['POST', '/console/me/tokens', ''],
  ['POST', '/console/people', ''],
  ['GET', '/', ''],
  ['GET', '/v1x/audit', ''],
])('%s %s', (method, path, letters) => {
  const letterOf = { read: 'r', fleet: 'f', content: 'c', claims: 'k' } as const
  const letIn = SCOPES.filter((scope) => tokenMayDo(scope, 'admin', method, path))
  expect(letIn.map((scope) => letterOf[scope]).join('')).toBe(letters)
})

test.each([
  ['support', 'read', 'GET', '/v1/audit', true],
  ['support', 'fleet', 'PUT', '/v1/nodes/a/duty', false],
  ['installer', 'read', 'GET', '/v1/audit', false],
  ['installer', 'read', 'GET', '/v1/nodes/a/verdict', true],
  ['installer', 'claims', 'POST', '/v1/claims', true],
  ['installer', 'claims', 'DELETE', '/v1/claims/a', true],
  ['installer', 'fleet', 'PUT', '/v1/nodes/a/duty', false],
  ['operator', 'fleet', 'PUT', '/v1/nodes/a/duty', true],
] as const)('of %s, a token for %s: %s %s is let in: %s', (role, scope, method, path, isLetIn) => {
  expect(tokenMayDo(scope, role, method, path)).toBe(isLetIn)
})

test('only scopes with which somebody can do something are offered to him', () => {
  expect(Object.fromEntries(ROLES.map((role) => [role, scopesOf(role)]))).toEqual({
    admin: [...SCOPES],
    operator: [...SCOPES],
    installer: ['read', 'claims'],
    support: ['read'],
  })
})
