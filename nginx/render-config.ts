export type ConfigValues = Record<string, string | number | readonly string[]>

/**
 * Puts values into a template's {{placeholders}}. A line whose placeholder has a list stands once for each of its items, so
 * an empty list takes the line away. Throws on a placeholder without value, on a value without placeholder, and on
 * characters that could end a directive or mean something to nginx.
 */
export function renderConfig(template: string, values: ConfigValues): string {
  const names = new Set([...template.matchAll(PLACEHOLDER)].map(([, name = '']) => name))
  const unused = Object.keys(values).find((name) => !names.has(name))
  if (unused) throw new Error(`the template has no {{${unused}}}`)
  return template
    .split('\n')
    .flatMap((line) => renderLine(line, values))
    .join('\n')
}

const PLACEHOLDER = /\{\{(\w+)\}\}/g

/** Letters of every language, because paths hold people's names. */
const SAFE = /^[\p{L}\p{M}\p{N} ./:@+,=_~[\]-]+$/u

function renderLine(line: string, values: ConfigValues): string[] {
  const list = [...line.matchAll(PLACEHOLDER)]
    .map(([, name = '']) => name)
    .find((name) => isList(values[name]))
  const value = list === undefined ? undefined : values[list]
  if (list === undefined || !isList(value)) return [fillLine(line, values)]
  return value.map((item) => fillLine(line, { ...values, [list]: item }))
}

function fillLine(line: string, values: ConfigValues): string {
  return line.replaceAll(PLACEHOLDER, (_, name: string) => {
    const value = values[name]
    if (value === undefined) throw new Error(`no value for {{${name}}}`)
    if (!SAFE.test(String(value))) throw new Error(`the value of {{${name}}} is not safe in nginx: ${value}`)
    return String(value)
  })
}

const isList = (value: ConfigValues[string] | undefined): value is readonly string[] => Array.isArray(value)
