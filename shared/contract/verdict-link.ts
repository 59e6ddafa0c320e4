import * as z from 'zod'

/**
 * `POST /v1/nodes/{id}/verdict-link`, by the node itself (signed) or an operator: an address at which whoever knows it reads the
 * verdict on this node until then, without a login. A new one takes the place of the former of the same maker.
 */
export const VerdictLink = z.object({
  url: z.url({ protocol: /^https?$/ }).max(500),
  expiresAt: z.iso.datetime(),
})
export type VerdictLink = z.infer<typeof VerdictLink>
