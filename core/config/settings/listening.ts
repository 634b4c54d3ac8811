import { flag, host, hostNames, networks, oneOf, origins, path, port } from '../kinds/kinds.ts';
import { setting } from '../kinds/setting.ts';

const ON_THIS_MACHINE =
  '`1` where only this machine can call: `HOST` is of it alone, and neither `ALLOWED_HOSTS` nor `AUTH_URL` has another name; else `0`';

/** Where the server listens, and who may call it. */
export const listening = {
  host: setting(host, {
    variable: 'HOST',
    default: '127.0.0.1',
    decides:
      'The address to listen on. One that other machines can reach, such as `0.0.0.0`, requires `AUTH_MODE`.',
  }),
  port: setting(port, {
    variable: 'PORT',
    default: '4000',
    decides: 'The port to listen on. 0 means any free port.',
  }),
  allowedHosts: setting(hostNames, {
    variable: 'ALLOWED_HOSTS',
    default: '',
    unset: 'no others',
    example: 'chat.example.com',
    decides:
      'Names under which the server may be called, besides `localhost`, `HOST` and the address at which a connection arrives. A request for another name gets 403; otherwise a page of another site could reach the server under its own name (DNS rebinding).',
  }),
  allowedOrigins: setting(origins, {
    variable: 'ALLOWED_ORIGINS',
    default: '',
    unset: "the server's own",
    example: 'https://app.example.com,http://localhost:3001',
    decides:
      'Origins whose pages may call the API over HTTP (CORS) and WebSocket, besides those that the server itself serves.',
  }),
  trustedProxies: setting(networks, {
    variable: 'TRUSTED_PROXIES',
    default: 'loopback',
    decides:
      "Proxies whose `X-Forwarded-For` is believed, for limits by the caller's address; what others send there is ignored. `uniquelocal` is every private network (10.0.0.0/8, 172.16.0.0/12, 192.168.0.0/16, fc00::/7), for servers that only the proxy can reach, as in Compose and Kubernetes.",
  }),
  graphiql: setting(flag, {
    variable: 'GRAPHIQL',
    unset: ON_THIS_MACHINE,
    example: '1',
    decides:
      '`1` serves GraphiQL, a page to try the API, to browsers at `/graphql`. The page has no user data; its operations need a token like any other call.',
  }),
  introspection: setting(flag, {
    variable: 'INTROSPECTION',
    unset: ON_THIS_MACHINE,
    example: '1',
    decides:
      '`1` answers queries for the schema (`__schema`, `__type`), as tools send them, GraphiQL among them. `0` refuses them, and names in errors no fields that a misspelt one might have meant.',
  }),
  persistedOperations: setting(oneOf('off', 'also', 'only'), {
    variable: 'PERSISTED_OPERATIONS',
    default: 'off',
    decides:
      'Whether operations may be named by the hash of a listed document (`also`), and whether others are refused (`only`), over every transport: see [docs/security.md](docs/security.md#only-listed-operations). Those of the web client are listed.',
  }),
  persistedOperationsFile: setting(path, {
    variable: 'PERSISTED_OPERATIONS_FILE',
    unset: "the web client's alone",
    example: '/etc/taskflow/persisted-documents.json',
    decides:
      'The list of other clients: an object of JSON with documents by their SHA-256 hashes, as graphql-codegen writes it.',
  }),
  federation: setting(flag, {
    variable: 'FEDERATION',
    default: '0',
    decides:
      '`1` makes the server a subgraph of Apollo Federation 2: see [docs/protocol.md](docs/protocol.md#in-a-supergraph). The gateway calls it by a name in `ALLOWED_HOSTS`.',
  }),
};
