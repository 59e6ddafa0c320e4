import { accept } from '@sixcast/shared/runtime/answer-problems.ts'
import { type Context, Hono } from 'hono'
import { describeRoute } from 'hono-openapi'
import * as z from 'zod'
import { type LinkRights, mayPublish, maySubscribe } from './link-rights.ts'

const text = z.string().max(1000)

/**
 * Lets a RabbitMQ cluster ask who may do what (rabbitmq_auth_backend_http): every question is a form, every answer a word.
 * MQTT topics come as routing keys, with dots for slashes.
 */
export const mqttAuthRoutes = ({ rights }: { rights: LinkRights }) =>
  new Hono()
    .post(
      '/v1/mqtt/auth/user',
      describe,
      accept('form', z.object({ username: text, password: text })),
      async (c) => {
        const { username, password } = c.req.valid('form')
        return answer(c, await rights.mayConnect(username, password))
      },
    )
    .post('/v1/mqtt/auth/vhost', describe, accept('form', z.object({ username: text })), async (c) =>
      answer(c, await rights.mayExist(c.req.valid('form').username)),
    )
    .post('/v1/mqtt/auth/resource', describe, accept('form', Resource), async (c) => {
      const { username, resource, name } = c.req.valid('form')
      return answer(c, isMqttPart(resource, name) && (await rights.mayExist(username)))
    })
    .post('/v1/mqtt/auth/topic', describe, accept('form', Topic), async (c) => {
      const { username, permission, routing_key } = c.req.valid('form')
      const topic = routing_key.replaceAll('.', '/')
      const may = permission === 'write' ? mayPublish(username, topic) : maySubscribe(username, topic)
      return answer(c, may && (await rights.mayExist(username)))
    })

const Resource = z.object({
  username: text,
  resource: z.enum(['exchange', 'queue', 'topic']),
  name: text,
})

const Topic = z.object({
  username: text,
  permission: z.enum(['configure', 'write', 'read']),
  routing_key: text,
})

/** MQTT needs the topic exchange and the queue of its own connection, and nothing else of RabbitMQ. */
const isMqttPart = (resource: string, name: string) =>
  resource === 'queue' ? name.startsWith('mqtt-subscription-') : name === 'amq.topic'

const answer = (c: Context, allowed: boolean) => c.text(allowed ? 'allow' : 'deny')

const describe = describeRoute({
  summary: 'A broker asks what a node may do',
  tags: ['broker'],
  responses: {
    200: { description: 'allow or deny', content: { 'text/plain': { schema: { type: 'string' } } } },
  },
})
