import { once } from 'node:events';
import { createServer } from 'node:http';
import { createGatewayRuntime, getGraphQLWSOptions } from '@graphql-hive/gateway-runtime';
import http from '@graphql-mesh/transport-http';
import ws from '@graphql-mesh/transport-ws';
import { useServer } from 'graphql-ws/use/ws';
import { WebSocketServer } from 'ws';
import { compose } from './compose.mjs';
import { serveTickets } from './tickets.mjs';

/**
 * A supergraph of the product and of tickets, behind two gateways: one follows the product's subscriptions over WebSocket,
 * one over server-sent events. Usage: node gateway.mjs URL-of-the-product. Prints one line of JSON with the supergraph and
 * the URLs of the gateways, and runs until it is killed.
 */
const [taskflow] = process.argv.slice(2);
const tickets = `${await listen(createServer(serveTickets()))}/graphql`;
const sdl = await askFor('{ _service { sdl } }');
const { supergraph, errors } = compose(sdl._service.sdl, { taskflow, tickets });
const gateways = supergraph && {
  ws: await serve({ subscriptions: { kind: 'ws' } }),
  sse: await serve({}),
};
process.stdout.write(`${JSON.stringify({ errors, gateways })}\n`);

async function askFor(query) {
  const response = await fetch(taskflow, {
    method: 'POST',
    headers: { 'content-type': 'application/json' },
    body: JSON.stringify({ query }),
  });
  const { data } = await response.json();
  return data;
}

/** Starts a gateway that uses this protocol for subscriptions. Returns its URL. */
async function serve(options) {
  const gateway = createGatewayRuntime({
    supergraph,
    logging: false,
    maskedErrors: false,
    transports: { http, ws },
    transportEntries: { taskflow: { options } },
  });
  const server = createServer(gateway);
  const sockets = new WebSocketServer({ server, path: '/graphql' });
  useServer(
    getGraphQLWSOptions(gateway, ({ extra }) => ({ request: extra.request, socket: extra.socket })),
    sockets,
  );
  const url = await listen(server);
  // The gateway loads the supergraph at its first HTTP request; a WebSocket request before that fails.
  await fetch(`${url}/readiness`);
  return `${url}/graphql`;
}

async function listen(server) {
  await once(server.listen(0, '127.0.0.1'), 'listening');
  return `http://127.0.0.1:${server.address().port}`;
}
