import { randomBytes } from 'node:crypto';
import fc, { type Arbitrary } from 'fast-check';
import { hostileText } from './hostile-json.ts';

/** A handshake of a WebSocket, as a request. */
export const handshake = (host: string): string =>
  [
    'GET /graphql HTTP/1.1',
    `host: ${host}`,
    'connection: Upgrade',
    'upgrade: websocket',
    'sec-websocket-version: 13',
    `sec-websocket-key: ${randomBytes(16).toString('base64')}`,
    'sec-websocket-protocol: graphql-transport-ws',
    '\r\n',
  ].join('\r\n');

interface Frame {
  fin: boolean;
  /** The three reserved bits. */
  reserved: number;
  opcode: number;
  isMasked: boolean;
  /** The payload, a character for each byte. */
  payload: string;
  /** The length that it says, instead of that of its payload. */
  length?: bigint | undefined;
}

/** A frame of RFC 6455, 5.2, as it is sent: a character for each byte. */
function frameOf({ fin, reserved, opcode, isMasked, payload, length }: Frame): string {
  const size = length ?? BigInt(payload.length);
  const masked = isMasked ? 0x80 : 0;
  const head = [(fin ? 0x80 : 0) | (reserved << 4) | opcode];
  if (size < 126n) head.push(masked | Number(size));
  else if (size < 65_536n) head.push(masked | 126, Number(size >> 8n), Number(size & 0xffn));
  else {
    const bytes = Buffer.alloc(8);
    bytes.writeBigUInt64BE(size);
    head.push(masked | 127, ...bytes);
  }
  // With a mask of zeros the payload is sent as it is.
  return String.fromCharCode(...head, ...(isMasked ? [0, 0, 0, 0] : [])) + payload;
}

/** A message of a client as one frame. */
export const textFrame = (message: object): string =>
  frameOf({ fin: true, reserved: 0, opcode: 1, isMasked: true, payload: JSON.stringify(message) });

/** What a close frame may have: a code, known or not, cut in half, and a reason. */
const closePayload = fc
  .tuple(
    fc.constantFrom(0, 999, 1000, 1004, 1005, 1006, 1015, 2999, 3000, 4400, 5000, 65_535),
    fc.constantFrom('', 'bye', '\xff\xfe', 'x'.repeat(130)),
    fc.boolean(),
  )
  .map(([code, reason, isCut]) => (isCut ? '\x03' : String.fromCharCode(code >> 8, code & 0xff) + reason));

const payload = fc.oneof(
  fc.constantFrom(
    '',
    '{}',
    '{"type":"ping"}',
    '{"type":"connection_init"}',
    '\xff\xfe',
    '\xed\xa0\x80',
    'x'.repeat(126),
    ' '.repeat(70_000),
  ),
  hostileText.map((text) => Buffer.from(text).toString('latin1')),
  closePayload,
);

const often = <T>(value: T, others: Arbitrary<T>) =>
  fc.oneof({ weight: 3, arbitrary: fc.constant(value) }, { weight: 1, arbitrary: others });

/** Frames as a client may not send them, among some that it may. */
export const hostileFrame: Arbitrary<string> = fc
  .record({
    fin: often(true, fc.constant(false)),
    reserved: often(0, fc.constantFrom(1, 2, 4, 7)),
    opcode: fc.oneof(fc.constantFrom(0, 1, 2, 8, 9, 10), fc.nat(15)),
    isMasked: often(true, fc.constant(false)),
    payload,
    length: often<bigint | undefined>(
      undefined,
      fc.constantFrom(
        0n,
        1n,
        125n,
        126n,
        65_536n,
        1_048_577n,
        2n ** 31n,
        2n ** 53n,
        2n ** 63n,
        2n ** 64n - 1n,
      ),
    ),
  })
  .map(frameOf);

/** The codes of the close frames in what a server has sent after its handshake. */
export function framesIn(sent: string): { opcode: number; payload: string }[] {
  const frames: { opcode: number; payload: string }[] = [];
  let at = 0;
  const bytes = Buffer.from(sent, 'latin1');
  while (at + 2 <= bytes.length) {
    const opcode = bytes.readUInt8(at) & 0x0f;
    const short = bytes.readUInt8(at + 1);
    const head = short < 126 ? 2 : short === 126 ? 4 : 10;
    const size =
      short < 126
        ? short
        : short === 126
          ? bytes.readUInt16BE(at + 2)
          : Number(bytes.readBigUInt64BE(at + 2));
    frames.push({ opcode, payload: bytes.toString('latin1', at + head, at + head + size) });
    at += head + size;
  }
  return frames;
}
