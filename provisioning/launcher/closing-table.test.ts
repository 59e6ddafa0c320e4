import { expect, test } from 'vitest'
import { closingTable } from './closing-table.ts'

const fleet = { state: '/s', elsewhere: false }

test('the password stands there once, and then the command that makes another', () => {
  expect(closingTable({ ...fleet, password: 'abcd-efgh', lan: [] })).toMatch(/admin, password abcd-efgh/)
  const later = closingTable({ ...fleet, password: undefined, lan: [] })
  expect(later).toMatch(/npm run password/)
  expect(later).not.toMatch(/abcd/)
})

test('with --lan it says under which addresses, and what is open to whom', () => {
  const table = closingTable({ ...fleet, password: undefined, lan: ['192.0.2.7', '2001:db8::7'] })
  expect(table).toMatch(/Open to everybody in this network/)
  expect(table).toMatch('http://[2001:db8::7]:9090/')
  expect(closingTable({ ...fleet, password: undefined, lan: [] })).not.toMatch(/network/)
})

test('commands are written as they work for this fleet', () => {
  const here = closingTable({ ...fleet, password: 'abcd', lan: [] })
  expect(here).toMatch('npm run stream -- add NAME\n')
  expect(here).toMatch('npm run password makes')
  const table = closingTable({ state: '/my data', elsewhere: true, password: undefined, lan: [] })
  expect(table).toMatch("npm run password -- --state '/my data'\n")
  expect(table).toMatch("npm run stream -- add NAME --state '/my data'\n")
})
