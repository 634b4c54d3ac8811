export function packetOf(id: string, topic: string, event: object): Buffer;
