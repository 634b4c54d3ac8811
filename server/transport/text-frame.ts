/** A text as the one frame of an unmasked WebSocket message (RFC 6455, 5.2), in one buffer: `ws` would write two. */
export function textFrame(text: string): Buffer {
  const bytes = Buffer.byteLength(text);
  const at = bytes < 126 ? 2 : bytes < 65_536 ? 4 : 10;
  const frame = Buffer.allocUnsafe(at + bytes);
  frame[0] = FINAL_TEXT;
  if (at === 2) frame[1] = bytes;
  else if (at === 4) {
    frame[1] = 126;
    frame.writeUInt16BE(bytes, 2);
  } else {
    frame[1] = 127;
    frame.writeUInt32BE(0, 2);
    frame.writeUInt32BE(bytes, 6);
  }
  frame.write(text, at);
  return frame;
}

const FINAL_TEXT = 0x81;
