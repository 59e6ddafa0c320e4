/** admin: everything. operator: runs fleet and content. installer: puts nodes up, and sees whether they serve. support: looks, and changes nothing. */
export const ROLES = ['admin', 'operator', 'installer', 'support'] as const
export type Role = (typeof ROLES)[number]

export const ROLE_WORDS: Record<Role, string> = {
  admin: 'everything, people too',
  operator: 'runs the fleet and its streams',
  installer: 'puts nodes up: claims and verdicts',
  support: 'sees everything, changes nothing',
}

const READING = new Set(['GET', 'HEAD'])

/** Who is in may always leave, and see to what is his own: password, logins and tokens. */
const OWN = /^\/console\/(logout|me(\/.+)?)$/
/** A page that is there only to take a key back. */
const KEY = /^\/console\/streams\/[^/]+\/keys\//
const PEOPLE = /^\/console\/people(\/|$)/
/** Where alerts are told: whoever could change it would read what others are told, or keep them from it. */
const CHANNELS = /^\/console\/alerts\/channels(\/|$)/
const INSTALLER = {
  reads:
    /^\/console((\/events)?(\/overview|\/claims(\/[^/]+)?|\/nodes(\/[^/]+(\/verdict)?)?|\/streams(\/[^/]+)?))?$/,
  readsApi: /^\/v1\/(claims|streams|nodes(\/[^/]+\/verdict)?)$/,
  changes:
    /^\/console\/(claims(\/(file|[^/]+\/revoke))?|nodes\/[^/]+\/(verdict-link|verdict-link\/revoke|line-trial))$/,
  changesApi: /^\/v1\/(claims(\/[^/]+)?|nodes\/[^/]+\/verdict-link)$/,
}

/** Whether a request of such a one is let in. The only place that knows; what it does not name is the admin's and the operator's. */
export function mayDo(role: Role, method: string, path: string): boolean {
  if (role === 'admin' || OWN.test(path)) return true
  const reading = READING.has(method)
  if (PEOPLE.test(path) || (CHANNELS.test(path) && !reading)) return false
  if (role === 'operator') return true
  if (role === 'support') return reading && !KEY.test(path)
  const { reads, readsApi, changes, changesApi } = INSTALLER
  return (reading ? [reads, readsApi] : [changes, changesApi]).some((each) => each.test(path))
}
