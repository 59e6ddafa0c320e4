import * as z from 'zod'

/** A way from viewer to content: a node at one of its addresses, or the relay. */
export const PathwayId = z.string().regex(/^[A-Za-z0-9._-]{1,40}$/)
export type PathwayId = z.infer<typeof PathwayId>

/** A pathway that was not there when a player loaded its playlist: the same tracks at other URIs. */
export const PathwayClone = z.object({
  'BASE-ID': PathwayId,
  ID: PathwayId,
  'URI-REPLACEMENT': z.object({
    'PER-VARIANT-URIS': z.record(z.string(), z.url()),
    'PER-RENDITION-URIS': z.record(z.string(), z.url()).optional(),
  }),
})
export type PathwayClone = z.infer<typeof PathwayClone>

/**
 * `GET /steer/{stream}`: what players are told while they play (RFC 8216bis, 7). Never without TTL, or hls.js asks hundreds of
 * times a second.
 */
export const SteeringManifest = z.object({
  VERSION: z.literal(1),
  TTL: z.number().int().positive(),
  'RELOAD-URI': z.string(),
  'PATHWAY-PRIORITY': z.array(PathwayId).min(1),
  'PATHWAY-CLONES': z.array(PathwayClone).optional(),
})
export type SteeringManifest = z.infer<typeof SteeringManifest>
