import msgpack from 'msgpack-lite';

/** An event as mqemitter-redis publishes it. It drops a packet whose id it has seen. */
export const packetOf = (id, topic, event) => msgpack.encode({ id, msg: { topic, payload: event } });
