import type { VideoEncoder } from './video-encoders.ts'

/** Whether what ffmpeg said last lays its end to its encoder, not to its source. */
export function blamesEncoder(encoder: VideoEncoder, said: string[]): boolean {
  const own = `[${encoder} @`
  return said.some((line) => line.includes(own) || GENERAL.test(line))
}

const GENERAL =
  /Error (while opening encoder|initializing output stream|submitting (a|the) (packet|frame))|Device creation failed|Failed to (set value|inject frame into filter network)/i
