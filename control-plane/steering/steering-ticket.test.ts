import { expect, test } from 'vitest'
import { readSteeringTicket, steeringUri } from './steering-ticket.ts'

const ticket = { viewer: 'Ab-_9', session: 's00000000000a', six: true, has: ['n1-g2', 'relay'] }

test('what a player was given to bring along is read again', () => {
  const query = Object.fromEntries(new URL(steeringUri('golive', ticket), 'http://x').searchParams)
  expect(readSteeringTicket({ ...query, _HLS_pathway: 'relay', _HLS_throughput: '500000' })).toEqual({
    ticket,
    present: 'relay',
    exclude: [],
  })
  expect(readSteeringTicket({ ...query, exclude: 'n1-g2,relay' })).toEqual({
    ticket,
    exclude: ['n1-g2', 'relay'],
  })
})

test('whatever cannot be read is as if it were not there', () => {
  const broken = {
    viewer: 'x'.repeat(41),
    session: "' or 1",
    six: 'yes',
    has: '"\n',
    _HLS_pathway: '../x',
    exclude: ',',
  }
  const nothing = { ticket: { viewer: '', six: false, has: [] }, present: undefined, exclude: [] }
  expect(readSteeringTicket(broken)).toEqual(nothing)
  expect(readSteeringTicket({})).toEqual(nothing)
})

test('the list of known pathways does not grow for ever', () => {
  const has = Array.from({ length: 12 }, (_, at) => `n${at}`)
  const [, last] = steeringUri('golive', { ...ticket, has }).split('has=')
  expect(decodeURIComponent(last ?? '').split(',')).toEqual(has.slice(2))
})
