import { OtherAddress, OtherAddressHeard } from '@sixcast/shared/contract/other-address.ts'
import { accept } from '@sixcast/shared/runtime/answer-problems.ts'
import { Hono } from 'hono'
import { canonicalAddress } from '../addresses/addresses.ts'
import { sourceAddress } from '../addresses/source-address.ts'
import { describeAnswers } from '../describe-answers.ts'
import type { OtherAddressRepository } from './other-address-repository.ts'
import { SIGNED_PROBLEMS, type SignedEnv, type SignedRequests } from './signed-requests.ts'

type Dependencies = {
  otherAddresses: Pick<OtherAddressRepository, 'keep' | 'drop'>
  signed: SignedRequests
  /** Told when a node asks to be found somewhere else. */
  appeared: (nodeId: string) => void
}

export const otherAddressRoutes = ({ otherAddresses, signed, appeared }: Dependencies) =>
  new Hono<SignedEnv>().post(
    '/v1/other-address',
    describe,
    signed,
    accept('json', OtherAddress),
    async (c) => {
      const caller = c.get('caller')
      const { address } = c.req.valid('json')
      if (address === undefined) await otherAddresses.drop(caller)
      else {
        const asked = { ...caller, address: canonicalAddress(address), source: sourceAddress(c) }
        if (await otherAddresses.keep(asked)) appeared(caller.nodeId)
      }
      return c.json({ heard: true } satisfies OtherAddressHeard)
    },
  )

const describe = describeAnswers({
  summary: 'Says where a node can be found as well, in the family that its claimed address is not of',
  tag: 'node',
  ok: OtherAddressHeard,
  problems: SIGNED_PROBLEMS,
})
