import { sleep } from '@sixcast/shared/runtime/repeat.ts'
import { type Command, USAGE } from './command-line.ts'
import { type NodeClient, nodeClient, Refusal } from './node-client.ts'
import { streamLine } from './stream-line.ts'

type Output = { say: (line: string) => void; signal: AbortSignal; everyMs?: number }

/** Does what was asked for, and says in words how it went; throws with a sentence when it went wrong. */
export async function runCommand(command: Command, output: Output): Promise<void> {
  if (command.verb === 'help') return output.say(USAGE)
  const node = nodeClient(command.node)
  switch (command.verb) {
    case 'start':
      return start(command, node, output)
    case 'monitor':
      return monitor(command, node, output)
    case 'list':
      return list(node, output)
    case 'measure':
      return measure(node, output)
    case 'stop':
      await node.stop(command.id)
      return output.say(`${command.id} is stopped.`)
  }
}

type Of<Verb> = Extract<Command, { verb: Verb }>

async function start(
  { node: address, id, url, qualities, without }: Of<'start'>,
  node: NodeClient,
  { say }: Output,
) {
  const kinds = Object.fromEntries(without.map((kind) => [kind, false]))
  const order = { stream_id: id, source_url: url, ...(qualities && { qualities }), ...kinds }
  const { isNew, view } = await node.start(order)
  say(isNew ? `${id} is being started.` : `${id} runs already with these settings.`)
  for (const path of [view.playback.hls, view.playback.dash]) if (path) say(`  ${address}${path}`)
  say(`It is stopped when nobody asks after it: npm run streams -- monitor ${id} 3600`)
}

/** A node that is restarted meanwhile is waited for; a stream that is gone, or over, is not. */
async function monitor(
  { id, seconds }: Of<'monitor'>,
  node: NodeClient,
  { say, signal, everyMs = 1000 }: Output,
) {
  for (let second = 0; second < seconds && !signal.aborted; second++) {
    if (second > 0) await sleep(everyMs, signal)
    const view = await node.heartbeat(id).catch((error: Error) => {
      if (error instanceof Refusal) throw error
      say(error.message)
    })
    if (view) say(streamLine(view, new Date()))
    if (view?.state === 'ended') throw new Error(`${id} has ended: there is nothing to watch over any more.`)
  }
}

async function list(node: NodeClient, { say }: Output) {
  const streams = await node.list()
  for (const view of streams) say(streamLine(view, new Date()))
  if (!streams.length) say('The node has no streams.')
}

async function measure(node: NodeClient, { say, signal, everyMs = 1000 }: Output) {
  let told = await node.measure()
  if (told.state === 'measuring') say(told.message)
  while (told.state === 'measuring' && !signal.aborted) {
    await sleep(everyMs, signal)
    told = await node.measurement()
  }
  if (!signal.aborted) say(told.message)
}
