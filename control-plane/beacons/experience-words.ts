import type { Experience } from './experience.ts'

/** What viewers met with in the last hour, in a sentence or two. */
export function experienceSentence(experience: Experience): string {
  const { joins, stalls, viewerHours, failures } = experience
  if (joins === 0 && viewerHours === 0 && stalls === 0 && failures.length === 0)
    return 'No player has told anything in the last hour.'
  return [joinWords(experience), stallWords(experience), failureWords(experience)].join(' ')
}

function joinWords({ joins, medianJoinMs = 0, p95JoinMs = 0 }: Experience): string {
  if (joins === 0) return 'Nobody began to watch in the last hour.'
  const many = joins === 1 ? 'One viewer began' : `${joins} viewers began`
  return `${many} in the last hour and had a picture after ${seconds(medianJoinMs)}, 95 % within ${seconds(p95JoinMs)}.`
}

function stallWords({ stalls, stallsPerViewerHour }: Experience): string {
  if (stalls === 0) return 'No picture stood.'
  if (stallsPerViewerHour === undefined)
    return stalls === 1 ? 'One picture stood.' : `Pictures stood ${stalls} times.`
  return `Pictures stood ${stallsPerViewerHour} times per viewer hour.`
}

function failureWords({ failures }: Experience): string {
  const many = (how: 'refused' | 'timeout' | 'error') => failures.reduce((all, each) => all + each[how], 0)
  const [refused, silent, broken] = [many('refused'), many('timeout'), many('error')]
  const all = refused + silent + broken
  if (all === 0) return 'No way failed a player.'
  const kinds = [
    ...(silent ? [`${silent} fell silent`] : []),
    ...(refused ? [`${refused} refused`] : []),
    ...(broken ? [`${broken} answered, but did not play`] : []),
  ]
  return `A way failed a player ${all === 1 ? 'once' : `${all} times`}: ${kinds.join(', ')}.`
}

const seconds = (ms: number) => `${(ms / 1000).toFixed(1)} s`
