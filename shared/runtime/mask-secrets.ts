/** A URL, or a text with URLs in it, for people and logs: who asks with which password, and every query, stay out. */
export function maskSecrets(text: string): string {
  if (!text.includes('://')) return text
  return text
    .replaceAll(/:\/\/[^\s/]*@/g, '://***@')
    .replaceAll(/:\/\/[^\s'"]*/g, (url) => url.replace(/\?.*/s, '?***')) // each is looked through once, however many stand in a line
}
