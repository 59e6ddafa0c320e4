const LONGEST_CHARACTERS = 1_000_000

/** Whether it is a DASH manifest of the session that leads nowhere but into the session's folder. It is handed on as it came. */
export function isOwnManifest(text: string, session: string): boolean {
  if (
    text.length > LONGEST_CHARACTERS ||
    /<!|=\s|\s=|='|<(?:BaseURL|Location|PatchLocation)|xlink|(?:sourceURL|mediaRange|index)=/i.test(text)
  )
    return false
  if (!/^<\?xml version="1\.0" encoding="UTF-8"\?>\s*<MPD\s/.test(text) || !/<\/MPD>\s*$/.test(text))
    return false
  const links = [...text.matchAll(/\b(?:media|initialization)="([^"]*)"/g)].map(([, link = '']) => link)
  return (
    links.every((link) => isWithin(link, session)) &&
    [...text.matchAll(/<UTCTiming\s([^>]*)>/g)].every(([, inside = '']) => /\bvalue="\/time"/.test(inside))
  )
}

function isWithin(link: string, session: string): boolean {
  const [folder, ...below] = link.split('/')
  return (
    folder === session &&
    below.length === 2 &&
    below.every((each) => /^[A-Za-z0-9$_-]+(?:\.m4s|\.mp4)?$/.test(each))
  )
}
