import { isIP } from 'node:net'
import { CDN_PORTS } from '@sixcast/shared/contract/heartbeat.ts'
import { readSettings } from '@sixcast/shared/runtime/read-settings.ts'
import * as z from 'zod'
import { isNetwork } from './addresses/forwarded-source.ts'

/** Between what nodes obey: they beat every second at most, and every five minutes at least. */
const heartbeatSeconds = z.coerce.number().min(1).max(300)
const leaseSeconds = z.coerce.number().positive().max(3600)

/** So one beat may be lost, and the one after it as late as any may be: a fifth. */
const LEASE_BEATS = 2.5
const port = z.coerce.number().int().min(1).max(65_535)

const ports = z
  .string()
  .transform((list) => list.split(',').map(Number))
  .refine((list) => list.every((each) => port.safeParse(each).success), 'a comma list of ports')

const addresses = z
  .string()
  .transform((list) => list.split(',').map((address) => address.trim()))
  .refine((list) => list.every((address) => isIP(address)), 'a comma list of addresses')

const networks = z
  .string()
  .transform((list) => list.split(',').map((network) => network.trim()))
  .refine(
    (list) => list.every(isNetwork),
    'a comma list of addresses and prefixes (192.0.2.7, 2001:db8::/32)',
  )

/** `alerts@example.org`, or `Sixcast <alerts@example.org>` */
const sender = z
  .string()
  .max(200)
  .refine(
    (text) => z.email().safeParse(/^[^<>\r\n"]+ <([^<>]+)>$/.exec(text)?.[1] ?? text).success,
    'a mail address',
  )

/** `[2001:db8::1]:443,192.0.2.1:443` */
const controls = z
  .string()
  .transform((list) => list.split(',').map((each) => /^\[?([0-9A-Fa-f:.]+?)\]?:(\d{1,5})$/.exec(each.trim())))
  .transform((list) => list.map((found) => ({ address: found?.[1] ?? '', port: Number(found?.[2]) })))
  .refine(
    (list) => list.every(({ address, port: to }) => isIP(address) && to > 0 && to < 65_536),
    'a comma list of addresses with ports ([2001:db8::1]:443, 192.0.2.1:443)',
  )

const Environment = z
  .object({
    DATABASE_URL: z
      .url({ protocol: /^mysql$/ })
      .refine((url) => new URL(url).pathname.length > 1, 'must name a database: mysql://user@host/NAME'),
    PORT: port.default(9090),
    /** Where all of it listens. Only while these are loopback are nodes on loopback probed. */
    BIND: addresses.default(['127.0.0.1', '::1']),
    /** Where it listens for viewers alone: landing page, watch pages and what these need. */
    VIEWER_BIND: addresses.default([]),
    PUBLIC_URL: z.url({ protocol: /^https?$/ }).optional(),
    MQTT_URL: z.url({ protocol: /^mqtts?$/ }).optional(),
    MQTT_PORT: port.default(1883),
    /** Where the embedded broker listens; where the rest does, unless said otherwise. */
    MQTT_BIND: addresses.optional(),
    MQTT_PUBLIC_URL: z.url({ protocol: /^mqtts?$/ }).optional(),
    RELAY_PORT: port.default(8080),
    /** Where we reach the relay ourselves. */
    RELAY_URL: z.url({ protocol: /^https?$/ }).optional(),
    /** How much the relay may send to viewers; without it, as much as it is asked for. */
    RELAY_BUDGET_MBIT: z.coerce.number().positive().max(1_000_000).optional(),
    HEARTBEAT_SECONDS: heartbeatSeconds.default(30),
    /** Two and a half beats, unless said otherwise. */
    LEASE_SECONDS: leaseSeconds.optional(),
    /** Whose X-Forwarded-For is believed: the proxies that stand before this control plane. They leave the Host header as it is. */
    TRUSTED_PROXIES: networks.default([]),
    /** The only ports a prober knocks at, with those of CDN_PORTS. At 8083 nodes of releases before this one answer. */
    PROBE_PORTS: ports.default([80, 443, 8083, 8084]),
    /** Places outside the fleet that answer or refuse a connection: while none does the prober itself is cut off, and no node falls. */
    PROBE_CONTROLS: controls.default([]),
    /** The only ports of a node that viewers and caches are sent to. */
    CDN_PORTS: ports.default(CDN_PORTS),
    /** The mail server that takes alerts, and from whom they come. */
    SMTP_URL: z.url({ protocol: /^smtps?$/, error: 'must begin with smtp:// or smtps://' }).optional(),
    MAIL_FROM: sender.optional(),
  })
  .refine(({ SMTP_URL, MAIL_FROM }) => (SMTP_URL === undefined) === (MAIL_FROM === undefined), {
    path: ['MAIL_FROM'],
    error: 'the address that alerts come from is set with SMTP_URL, and only with it',
  })
  .refine(
    ({ HEARTBEAT_SECONDS, LEASE_SECONDS = Number.POSITIVE_INFINITY }) =>
      LEASE_SECONDS >= LEASE_BEATS * HEARTBEAT_SECONDS,
    {
      path: ['LEASE_SECONDS'],
      error: `at least ${LEASE_BEATS} times HEARTBEAT_SECONDS, or one lost heartbeat makes a node silent`,
    },
  )
  .transform((env) => {
    const publicUrl = (env.PUBLIC_URL ?? `http://127.0.0.1:${env.PORT}`).replace(/\/+$/, '')
    return {
      databaseUrl: env.DATABASE_URL,
      port: env.PORT,
      bind: env.BIND,
      viewerBind: env.VIEWER_BIND,
      trustedProxies: env.TRUSTED_PROXIES,
      publicUrl,
      relayPort: env.RELAY_PORT,
      relayBudget:
        env.RELAY_BUDGET_MBIT === undefined ? undefined : { bitsPerSecond: env.RELAY_BUDGET_MBIT * 1e6 },
      cdnPorts: env.CDN_PORTS,
      relayUrl: (env.RELAY_URL ?? `http://127.0.0.1:${env.RELAY_PORT}`).replace(/\/+$/, ''),
      mqtt: {
        /** Absent: the embedded broker. */
        url: env.MQTT_URL,
        port: env.MQTT_PORT,
        bind: env.MQTT_BIND ?? env.BIND,
        publicUrl:
          env.MQTT_PUBLIC_URL ??
          (env.MQTT_URL
            ? withoutCredentials(env.MQTT_URL)
            : `mqtt://${new URL(publicUrl).hostname}:${env.MQTT_PORT}`),
      },
      rhythm: {
        heartbeatSeconds: env.HEARTBEAT_SECONDS,
        leaseSeconds: env.LEASE_SECONDS ?? LEASE_BEATS * env.HEARTBEAT_SECONDS,
      },
      mailServer: env.SMTP_URL && env.MAIL_FROM ? { url: env.SMTP_URL, from: env.MAIL_FROM } : undefined,
      probeControls: env.PROBE_CONTROLS,
      probe: {
        // Whoever set them once named no port of viewers: those were not probed then.
        ports: [...new Set([...env.PROBE_PORTS, ...env.CDN_PORTS])],
        loopback: env.BIND.every(isLoopback),
      },
    }
  })
export type Config = z.infer<typeof Environment>

export const readConfig = (env: NodeJS.ProcessEnv): Config => readSettings(Environment, env)

/** What is told to nodes: they have passwords of their own. */
function withoutCredentials(url: string): string {
  const { protocol, host } = new URL(url)
  return `${protocol}//${host}`
}

const isLoopback = (address: string) => address === '::1' || address.startsWith('127.')
