/** Control characters, and those that turn the direction of text, could make a terminal show what is not there. */
const TREACHEROUS = /[\p{Cc}\p{Zl}\p{Zp}\u061c\u200e\u200f\u202a-\u202e\u2066-\u2069]/gu

/** Other people's text in one line of a terminal. The escapes are those of JSON, so JSON stays what it says. */
export const printable = (text: string) =>
  text.replace(TREACHEROUS, (each) => `\\u${each.charCodeAt(0).toString(16).padStart(4, '0')}`)
