import { AuthorizeRequest } from '@sixcast/shared/contract/authorize.ts'
import { StreamName } from '@sixcast/shared/contract/names.ts'
import * as z from 'zod'

/** nginx-rtmp's on_connect form, sent before it looks whether it has such an application. */
export const ConnectCall = z.object({ app: z.string().max(100) })

/** nginx-rtmp's on_publish form. `clientid` is the number of the publisher's connection. */
export const PublishCall = AuthorizeRequest.extend({ clientid: z.string().max(20) })
export type PublishCall = z.infer<typeof PublishCall>

/** Its on_publish_done form; also sent for a publisher that was refused. */
export const DoneCall = z.object({ name: StreamName, clientid: z.string().max(20) })
