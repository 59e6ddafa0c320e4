import * as z from 'zod'
import { NodeId } from './names.ts'

/** One thing that viewers need of a node. A later release may know more steps than these. */
export const VERDICT_STEPS = ['address', 'name', 'certificate', 'probe', 'upload', 'segment'] as const

export const VerdictStep = z.object({
  step: z.string().max(30),
  is: z.enum(['passed', 'failed', 'waiting', 'skipped']),
  family: z.union([z.literal(4), z.literal(6)]).optional(),
  since: z.iso.datetime().optional(),
  /** What was found, in a sentence; with `passed`. */
  found: z.string().optional(),
  /** Why it has not passed. */
  cause: z.string().optional(),
  /** What to do; with `failed`. */
  remedy: z.string().optional(),
})
export type VerdictStep = z.infer<typeof VerdictStep>

/** `GET /v1/nodes/{id}/verdict`, by the node itself (signed) or an operator: whether viewers outside will reach it, and if not, why. */
export const Verdict = z.object({
  nodeId: NodeId,
  name: z.string(),
  /** `failed` by any step; `waiting` while one may still fail. */
  is: z.enum(['passed', 'failed', 'waiting']),
  steps: z.array(VerdictStep),
})
export type Verdict = z.infer<typeof Verdict>
