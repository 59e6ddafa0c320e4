export type Size = { width: number; height: number }

/** Before the parameters of a decoder setup: what FLV says, what MP4's record says, and their length. */
const SPS_AT = 5 + 8
/** Those that say how fine their colours are; all others have 4:2:0. */
const TELLS_COLOURS = new Set([100, 110, 122, 244, 44, 83, 86, 118, 128, 138, 139, 134, 135])
const [COLOURS_420, COLOURS_422, COLOURS_444] = [1, 2, 3]

/** The size of the pictures that follow an H.264 decoder setup, as FLV carries it (H.264, 7.3.2.1.1); undefined if it does not tell. */
export function codedSize(setup: Buffer): Size | undefined {
  if (setup.length <= SPS_AT) return undefined
  const end = SPS_AT + setup.readUInt16BE(SPS_AT - 2)
  if (setup.length < end) return undefined
  const bits = bitsOf(unescaped(setup.subarray(SPS_AT + 1, end)))
  const size = readSize(bits)
  return bits.areEnough() && size.width > 0 && size.height > 0 ? size : undefined
}

function readSize(bits: Bits): Size {
  const profile = bits.take(8)
  bits.take(16) // what it keeps to, and its level
  bits.number()
  const colours = TELLS_COLOURS.has(profile) ? readColours(bits) : COLOURS_420
  bits.number()
  skipOrder(bits)
  bits.number()
  bits.take(1)
  const [columns, rows] = [bits.number() + 1, bits.number() + 1]
  const isProgressive = bits.take(1) === 1
  bits.take(isProgressive ? 1 : 2)
  const [left, right, top, bottom] = bits.take(1) ? [bits, bits, bits, bits].map(() => bits.number()) : []
  const fields = isProgressive ? 1 : 2
  const unit = {
    width: colours === COLOURS_420 || colours === COLOURS_422 ? 2 : 1,
    height: (colours === COLOURS_420 ? 2 : 1) * fields,
  }
  return {
    width: 16 * columns - unit.width * ((left ?? 0) + (right ?? 0)),
    height: 16 * rows * fields - unit.height * ((top ?? 0) + (bottom ?? 0)),
  }
}

/** How fine the colours are, zero if there are none or each is a picture of its own; reads on over depths and scaling. */
function readColours(bits: Bits): number {
  const colours = bits.number()
  const areApart = colours === COLOURS_444 && bits.take(1) === 1
  bits.number()
  bits.number()
  bits.take(1)
  const lists = bits.take(1) ? (colours === COLOURS_444 ? 12 : 8) : 0
  for (let list = 0; list < lists; list++) if (bits.take(1)) skipScaling(bits, list < 6 ? 16 : 64)
  return areApart ? 0 : colours
}

function skipScaling(bits: Bits, values: number) {
  let [last, next] = [8, 8]
  for (let value = 0; value < values && next !== 0; value++) {
    next = (last + bits.signed() + 256) % 256
    last = next || last
  }
}

/** In what order pictures are shown. */
function skipOrder(bits: Bits) {
  const kind = bits.number()
  if (kind === 0) bits.number()
  if (kind !== 1) return
  bits.take(1)
  bits.number()
  bits.number()
  const cycle = Math.min(bits.number(), 255)
  for (let at = 0; at < cycle; at++) bits.number()
}

type Bits = ReturnType<typeof bitsOf>

/** Behind the last bit there are ones, so that no number goes on for ever. */
function bitsOf(bytes: Buffer) {
  let at = 0

  function take(count: number): number {
    let value = 0
    for (let bit = 0; bit < count; bit++, at++)
      value = 2 * value + (((bytes[at >> 3] ?? 0xff) >> (7 - (at & 7))) & 1)
    return value
  }

  /** Exp-Golomb (9.1): as many zeros as bits follow the first one. */
  function number(): number {
    let zeros = 0
    while (take(1) === 0) zeros++
    return 2 ** zeros - 1 + take(zeros)
  }

  return {
    take,
    number,
    signed(): number {
      const code = number()
      return code % 2 ? (code + 1) / 2 : -code / 2
    },
    areEnough: () => at <= 8 * bytes.length,
  }
}

/** Without the threes that keep two zeros from looking like a beginning (7.4.1). */
function unescaped(bytes: Buffer): Buffer {
  return Buffer.from(bytes.filter((byte, at) => !(byte === 3 && bytes[at - 1] === 0 && bytes[at - 2] === 0)))
}
