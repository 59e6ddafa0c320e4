const START_OF_IMAGE = Buffer.from([0xff, 0xd8])
/** Within the picture's own data every 0xff is followed by 0x00, so this can only be its end. */
const END_OF_IMAGE = Buffer.from([0xff, 0xd9])

/** No honest thumbnail is larger. */
const LARGEST_PICTURE_BYTES = 4 * 1024 * 1024

/** The last whole JPEG in `bytes` (older ones nobody needs), and the rest that waits for more. */
export function takePicture(bytes: Buffer): { picture: Buffer | undefined; rest: Buffer } {
  let picture: Buffer | undefined
  let rest = bytes
  for (let end = rest.indexOf(END_OF_IMAGE); end >= 0; end = rest.indexOf(END_OF_IMAGE)) {
    const whole = rest.subarray(0, end + END_OF_IMAGE.length)
    const start = whole.indexOf(START_OF_IMAGE)
    if (start >= 0) picture = whole.subarray(start)
    rest = rest.subarray(whole.length)
  }
  return { picture, rest: rest.length > LARGEST_PICTURE_BYTES ? Buffer.alloc(0) : rest }
}
