/** The Redis channel of a conversation. */
export const channelOf = (conversationId) => `${process.env.REDIS_PREFIX}:${conversationId}`;

/** An event as clients receive it, from one as TaskFlow's feed publishes it: the same fields with the same values. */
export const heardOf = ({ type, epoch, seq, at, turnId, text, offset }) => ({
  __typename: type,
  cursor: `${epoch}.${seq}`,
  at: new Date(at).toISOString(),
  turnId: `Message_${turnId}`,
  text,
  offset,
});
