import { expect, test } from 'vitest'
import { startTestControlPlane } from '../../tests/setup/start-test-control-plane.ts'
import { alertRound } from './watch-alerts.ts'

const publicUrl = 'http://fleet.example'
const { url, rooms, enrolledNode, operatorCookie } = await startTestControlPlane({ publicUrl })

test('programs of operators read what is open, with its figure and where to see more', async () => {
  const { id } = await enrolledNode()
  await rooms.alertDesk.saveRule('node-unreachable', { enabled: true, forSeconds: 0 })
  // It beats never, and has had time to.
  const nodes = (await rooms.nodeBriefs.list()).map((node) => ({ ...node, kind: 'down' as const }))
  await alertRound({ ...rooms, publicUrl, nodeBriefs: { list: async () => nodes } })(new Date())
  const headers = { cookie: await operatorCookie() }
  const read = async () => (await fetch(`${url}/v1/alerts`, { headers })).json()
  const incident = (await rooms.alertDesk.board()).open[0]?.id ?? ''
  expect(await read()).toEqual({
    counts: { bad: 1, warn: 0, acknowledged: 0, silenced: 0 },
    incidents: [
      {
        ...{ id: incident, title: 'box is out of reach', severity: 'bad', begunAt: expect.any(String) },
        ...{ url: `${publicUrl}/console/alerts/${incident}`, silenced: false },
        alerts: [
          {
            ...{ rule: 'node-unreachable', title: 'Node out of reach', severity: 'bad' },
            subject: { kind: 'node', id, name: 'box' },
            ...{ since: expect.any(String), says: 'It has not been heard since it enrolled.' },
          },
        ],
      },
    ],
  })
  await rooms.alertDesk.acknowledge(incident)
  await rooms.alertDesk.silence({ scope: 'node', scopeId: id, hours: 1, reason: '' })
  expect(await read()).toMatchObject({
    counts: { bad: 0, warn: 0, acknowledged: 0, silenced: 1 },
    incidents: [{ acknowledged: { by: 'control-plane' }, silenced: true }],
  })
})

test('nobody else reads it', async () => {
  expect((await fetch(`${url}/v1/alerts`)).status).toBe(401)
})
