import { expect, onTestFinished, test, vi } from 'vitest'
import { checkedAddress } from './checked-address.ts'

test('a name is led to its first address', async () => {
  expect(await checkedAddress('camera.example', async () => ['10.0.0.5', '10.0.0.6'])).toEqual({
    address: '10.0.0.5',
    place: 'house',
  })
})

test('one bad address among several refuses them all', async () => {
  expect(await checkedAddress('camera.example', async () => ['10.0.0.5', '127.0.0.1'])).toEqual({
    refused: '127.0.0.1 is this machine itself',
  })
})

test('a name with an address in the house is one of the house', async () => {
  expect(await checkedAddress('camera.example', async () => ['2606:2800::1', '10.0.0.5'])).toEqual({
    address: '10.0.0.5',
    place: 'house',
  })
  expect(await checkedAddress('far.example', async () => ['2606:2800::1', '93.184.216.34'])).toEqual({
    address: '2606:2800::1',
    place: 'internet',
  })
})

test('a literal address needs nobody to look it up, with or without brackets', async () => {
  expect(await checkedAddress('[fd12::5]')).toEqual({ address: 'fd12::5', place: 'house' })
  expect(await checkedAddress('10.0.0.5')).toEqual({ address: '10.0.0.5', place: 'house' })
})

test('a name that leads nowhere may lead somewhere later', async () => {
  expect(await checkedAddress('camera.example', async () => [])).toEqual({
    away: 'The name camera.example leads to no address at present.',
  })
})

test('a name that nobody answers for is waited for three seconds', async () => {
  vi.useFakeTimers()
  onTestFinished(() => void vi.useRealTimers())
  const checked = checkedAddress('camera.example', () => new Promise(() => {}))
  await vi.advanceTimersByTimeAsync(3000)
  expect(await checked).toHaveProperty('away')
})
