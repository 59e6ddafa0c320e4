import { expect, test } from 'vitest'
import { textOf } from './read-console.ts'

test('a page is a line for each sentence and each row, without what only a browser shows', () => {
  const page = `<header>Sixcast</header><main id="content"><p class="notice" hidden>The connection is away.</p><form method="get"><label>Find</label></form><svg width="1"><title>a: well</title></svg><div><h1>1 node &amp; all well</h1>
<ul><li><p><a href="/">node-1</a> is silent. <span>Go there.</span></p></li></ul>
<table><tr><th>Node</th><th>Alive</th></tr><tr><td>node-1</td><td><ul><li>IPv4 for 3 s</li> <li>IPv6 for 2 s</li></ul></td></tr></table></div></main>`
  expect(textOf(page)).toBe(
    '1 node & all well\nnode-1 is silent. Go there.\nNode  Alive\nnode-1  IPv4 for 3 s  IPv6 for 2 s',
  )
})
