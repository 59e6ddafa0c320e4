/** The few packets of MQTT 3.1.1 that a node sends, as bytes: ten thousand links of a whole client would be most of what is measured. */
export const connectPacket = ({ clientId, username, password, will, keepAliveSeconds }: Connect): Buffer =>
  packet(
    0x10,
    text('MQTT'),
    Buffer.from([4, USER | PASSWORD | WILL | CLEAN, keepAliveSeconds >> 8, keepAliveSeconds & 255]),
    text(clientId),
    text(will.topic),
    text(will.payload),
    text(username),
    text(password),
  )

/** At most once; with `retain` it is kept for those who come later. */
export const publishPacket = (topic: string, payload: string, { retain = false } = {}): Buffer =>
  packet(retain ? 0x31 : 0x30, text(topic), Buffer.from(payload))

export const subscribePacket = (topic: string): Buffer =>
  packet(0x82, Buffer.from([0, 1]), text(topic), Buffer.from([0]))

/** The first four bytes that a broker says: whether it takes the connection. */
export const isWelcome = (answer: Buffer): boolean => answer[0] === 0x20 && answer[3] === 0

type Connect = {
  clientId: string
  username: string
  password: string
  will: { topic: string; payload: string }
  keepAliveSeconds: number
}

const [USER, PASSWORD, WILL, CLEAN] = [0x80, 0x40, 0x04, 0x02]

function packet(first: number, ...parts: Buffer[]): Buffer {
  const body = Buffer.concat(parts)
  return Buffer.concat([Buffer.from([first, ...lengthBytes(body.length)]), body])
}

/** Seven bits a byte, the lowest first. */
function lengthBytes(length: number): number[] {
  const [low, rest] = [length % 128, Math.floor(length / 128)]
  return rest === 0 ? [low] : [low | 128, ...lengthBytes(rest)]
}

function text(value: string): Buffer {
  const bytes = Buffer.from(value)
  return Buffer.concat([Buffer.from([bytes.length >> 8, bytes.length & 255]), bytes])
}
