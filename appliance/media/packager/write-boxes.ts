/** A box of what it holds: other boxes, fields of 32 bits, and bytes in hexadecimal. */
export function box(type: string, ...content: (Buffer | number | string)[]): Buffer {
  const body = content.map((part) => (typeof part === 'object' ? part : field(part)))
  return Buffer.concat([boxHeader(type, sum(body)), ...body])
}

/** What stands before so many bytes of a box. */
export function boxHeader(type: string, bytes: number): Buffer {
  return Buffer.concat([field(bytes + 8), Buffer.from(type, 'latin1')])
}

/** In 64 bits, the most significant first, as `box` takes it. */
export function long(value: number): string {
  return value.toString(16).padStart(16, '0')
}

/** Negative numbers as two's complement. */
function field(value: number | string): Buffer {
  return Buffer.from(typeof value === 'number' ? (value >>> 0).toString(16).padStart(8, '0') : value, 'hex')
}

function sum(pieces: Buffer[]): number {
  return pieces.reduce((bytes, piece) => bytes + piece.length, 0)
}
