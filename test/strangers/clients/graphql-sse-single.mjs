import { connect as connectBy } from './graphql-sse.mjs';

export function connect(server) {
  return connectBy(server, { singleConnection: true });
}
