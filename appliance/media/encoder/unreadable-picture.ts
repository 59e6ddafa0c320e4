/**
 * Whether ffmpeg ended because a publisher sends no picture that it knows from RTMP (HEVC and AV1 among them). Without sound it
 * does not look for long: then the source's next key frame may just have been far.
 */
export function cannotRead(said: string[], audio: boolean): boolean {
  const unknown = said.some((line) => /Decoder \(codec none\) not found/.test(line))
  return unknown || (audio && said.some((line) => /^Stream specifier ':v:0' in filtergraph/.test(line)))
}
