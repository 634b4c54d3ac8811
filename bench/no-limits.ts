/** All callers of a benchmark come from one address: its limits are off. Those of an owner are off without accounts. */
export const NO_LIMITS = {
  CONNECTIONS: '0',
  CONNECTIONS_PER_ADDRESS: '0',
  HANDSHAKES_PER_ADDRESS: '0',
  SUBSCRIPTIONS_PER_ADDRESS: '0',
  OPERATIONS_PER_ADDRESS: '0',
  MESSAGES_PER_ADDRESS: '0',
};
