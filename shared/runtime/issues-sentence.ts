type Issue = { message: string; path?: readonly (PropertyKey | { key: PropertyKey })[] | undefined }

/** What a schema has against a value, in one line for people that names each field. `whole` stands for a value that is wrong as such. A stranger may send any number of them. */
export function issuesSentence(issues: readonly Issue[], whole: string, most = 3): string {
  return issues
    .slice(0, most)
    .map(({ path = [], message }) => {
      const where = path.map((step) => String(typeof step === 'object' ? step.key : step)).join('.')
      const complaint = complaintIn(message)
      if (complaint) return `${where || whole} ${complaint}`
      return where ? `${where}: ${message}` : message
    })
    .join('; ')
}

/** What zod says of a value that is of no use at all, in words for people. */
function complaintIn(message: string): string | undefined {
  const found = /^Invalid input(?:: expected (.+?)(?:, received (.+))?)?$/.exec(message)
  if (!found) return undefined
  const [, expected = '', received] = found
  if (received === 'undefined') return 'is missing'
  return expected ? `must be ${kinds[expected] ?? expected}` : 'is of none of the known forms'
}

const kinds: Record<string, string> = {
  string: 'text',
  number: 'a number',
  int: 'a whole number',
  boolean: 'true or false',
  array: 'a list',
  object: 'an object',
}
