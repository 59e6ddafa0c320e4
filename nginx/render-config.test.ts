import { expect, test } from 'vitest'
import { renderConfig } from './render-config.ts'

test('a line with a list stands once for each item, and not at all for none', () => {
  const template = 'user {{user}};\nlisten {{listen}}:{{port}};\nend'
  expect(renderConfig(template, { user: [], listen: ['127.0.0.1', '[::1]'], port: 80 })).toBe(
    'listen 127.0.0.1:80;\nlisten [::1]:80;\nend',
  )
})

test.each([
  ['a placeholder without value', 'listen {{port}};', {}, /no value for {{port}}/],
  ['a value without placeholder', 'listen 80;', { port: 80 }, /no {{port}}/],
  ['the end of a directive', 'root {{root}};', { root: '/x; include /etc/passwd' }, /{{root}} is not safe/],
  ['a quote', 'root "{{root}}";', { root: '/x"' }, /not safe/],
  ['a variable', 'root {{root}};', { root: '/$host' }, /not safe/],
  ['a block', 'root {{root}};', { root: '/x{' }, /not safe/],
  ['a new line', 'root {{root}};', { root: '/x\nroot /' }, /not safe/],
  ['nothing at all', 'root {{root}};', { root: '' }, /not safe/],
  ['an unsafe item of a list', 'listen {{listen}};', { listen: ['80', '81;'] }, /not safe/],
])('%s is refused', (_, template, values, said) => {
  expect(() => renderConfig(template, values)).toThrow(said)
})

test("people's names may stand in paths", () => {
  expect(renderConfig('root "{{root}}";', { root: '/home/Jürgen Müller/視頻' })).toBe(
    'root "/home/Jürgen Müller/視頻";',
  )
})
