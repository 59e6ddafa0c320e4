import { expect, test } from 'vitest'
import { closingTable } from './closing-table.ts'

test('the password stands there once, and then the command that makes another', () => {
  expect(closingTable({ state: '/s', password: 'abcd-efgh', lan: [] })).toMatch(/admin, password abcd-efgh/)
  const later = closingTable({ state: '/s', password: undefined, lan: [] })
  expect(later).toMatch(/npm run password/)
  expect(later).not.toMatch(/abcd/)
})

test('with --lan it says under which addresses, and what is open to whom', () => {
  const table = closingTable({ state: '/s', password: undefined, lan: ['192.0.2.7', '2001:db8::7'] })
  expect(table).toMatch(/Open to everybody in this network/)
  expect(table).toMatch('http://[2001:db8::7]:9090/')
  expect(closingTable({ state: '/s', password: undefined, lan: [] })).not.toMatch(/network/)
})
