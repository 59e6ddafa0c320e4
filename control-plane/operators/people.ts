import { Problem } from '@sixcast/shared/contract/problem.ts'
import { issuesSentence } from '@sixcast/shared/runtime/issues-sentence.ts'
import * as z from 'zod'
import { newPassword } from './new-password.ts'
import type { OperatorRepository } from './operator-repository.ts'
import { hashPassword } from './password-hash.ts'
import { ROLES, type Role } from './roles.ts'

const LAST_ADMIN =
  'There is nobody of this name, or it is the last admin: somebody must be left who may do everything.'

const Invited = z.object({
  /** As it stands in addresses of the console, and in the record. */
  name: z
    .string()
    .trim()
    .regex(/^[A-Za-z0-9][A-Za-z0-9._-]{0,49}$/, 'has letters, digits, dots, - and _, at most 50 of them'),
  role: z.enum(ROLES),
})

export type Person = {
  name: string
  role: Role
  since: Date
  logins: number
  loggedInAt?: Date
  tokens: number
}

type Dependencies = {
  operators: Pick<OperatorRepository, 'add' | 'list' | 'changeRole' | 'remove'>
  now: () => Date
}

/** Who may log in, and as what. */
export function people({ operators, now }: Dependencies) {
  return {
    /** With a password of 120 random bits, told here once and never again: whoever is invited changes it. */
    async invite(name: string, role: string): Promise<string> {
      const said = Invited.safeParse({ name, role })
      if (!said.success)
        throw new Problem('bad-request', `${issuesSentence(said.error.issues, 'The invitation')}.`)
      const password = newPassword()
      const account = { password_hash: await hashPassword(password), created_at: now() }
      if (!(await operators.add({ ...account, ...said.data })))
        throw new Problem('name-taken', `There is somebody of the name ${said.data.name} already.`)
      return password
    },

    async listPeople(): Promise<Person[]> {
      const people = await operators.list(now())
      return people.map(({ name, role, created_at, logins, logged_in_at, tokens }) => ({
        ...{ name, role, since: created_at, logins: Number(logins), tokens: Number(tokens) },
        ...(logged_in_at && { loggedInAt: logged_in_at }),
      }))
    },

    async changeRole(name: string, role: string): Promise<void> {
      const said = Invited.shape.role.safeParse(role)
      if (!said.success) throw new Problem('bad-request', `A role is one of ${ROLES.join(', ')}.`)
      if (!(await operators.changeRole(name, said.data))) throw new Problem('bad-request', LAST_ADMIN)
    },

    /** Whoever it is is logged out at once. */
    async removePerson(name: string): Promise<void> {
      if (!(await operators.remove(name))) throw new Problem('bad-request', LAST_ADMIN)
    },
  }
}
