/** One box of an MP4: `bytes` with its header, `body` without. Both are views into what was read. */
export type Box = { type: string; bytes: Buffer; body: Buffer }

/** No honest box of a live stream is larger; what claims to be would fill the memory. */
const LARGEST_BOX_BYTES = 64 * 1024 * 1024

/** The whole boxes at the beginning of `bytes`, and the rest that waits for more. */
export function takeBoxes(bytes: Buffer): { boxes: Box[]; rest: Buffer } {
  const boxes: Box[] = []
  let rest = bytes
  for (let box = firstBox(rest); box; box = firstBox(rest)) {
    boxes.push(box)
    rest = rest.subarray(box.bytes.length)
  }
  return { boxes, rest }
}

/** The first box at `path` below `body`, for instance `moov`'s `trak/mdia/mdhd`. */
export function findBox(body: Buffer, path: string): Buffer | undefined {
  return path
    .split('/')
    .reduce<Buffer | undefined>(
      (inside, type) => inside && takeBoxes(inside).boxes.find((box) => box.type === type)?.body,
      body,
    )
}

/** As findBox, for what every file of our encoder has. */
export function needBox(body: Buffer, path: string): Buffer {
  const found = findBox(body, path)
  if (!found) throw new Error(`The encoder wrote no ${path} box.`)
  return found
}

function firstBox(bytes: Buffer): Box | undefined {
  if (bytes.length < 8) return undefined
  const { size, headerSize } = readHeader(bytes)
  if (size === undefined) return undefined
  if (size < headerSize || size > LARGEST_BOX_BYTES) throw new Error(`An MP4 box claims ${size} bytes.`)
  if (bytes.length < size) return undefined
  return {
    type: bytes.toString('latin1', 4, 8),
    bytes: bytes.subarray(0, size),
    body: bytes.subarray(headerSize, size),
  }
}

/** A size of 1 says that the true one follows in 64 bits. */
function readHeader(bytes: Buffer): { size: number | undefined; headerSize: number } {
  const size = bytes.readUInt32BE(0)
  if (size !== 1) return { size, headerSize: 8 }
  return { size: bytes.length < 16 ? undefined : Number(bytes.readBigUInt64BE(8)), headerSize: 16 }
}
