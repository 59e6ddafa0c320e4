import { renderSVG, renderUnicodeCompact } from 'uqr'

/** For a terminal: dark on light whatever its colours are, since many phones read nothing else. */
export const qrText = (text: string): string =>
  renderUnicodeCompact(text, { border: 2 })
    .split('\n')
    .map((line) => `\u001b[30;47m${line}\u001b[0m`)
    .join('\n')

/** For a page: an SVG element, dark on light. */
export const qrSvg = (text: string): string => renderSVG(text, { border: 3 })
