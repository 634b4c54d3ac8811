import fc, { type Arbitrary } from 'fast-check';
import { hostileJson, hostileObject, hostileText } from './hostile-json.ts';

const quoted = (text: string) => JSON.stringify(text);
const mostly = (usual: Arbitrary<string>) =>
  fc.oneof({ weight: 4, arbitrary: usual }, { weight: 1, arbitrary: hostileJson });

const id = mostly(
  fc
    .oneof(fc.constantFrom('1', '2', '__proto__', 'constructor', 'x'.repeat(100_000)), hostileText)
    .map(quoted),
);

const payload = mostly(
  hostileObject({
    query: mostly(
      fc
        .constantFrom(
          ...[
            '{ viewer { id } }',
            'subscription { conversationChanges { kind } }',
            '{',
            '',
            'query A { viewer { id } } query B { viewer { id } }',
          ],
          ...[
            'query ($a: String!) { viewer { id } }',
            'mutation { renewSession(input: {token: "x"}) { __typename } }',
            `{ ${'... on Query {'.repeat(300)} viewer { id } ${'}'.repeat(301)}`,
          ],
        )
        .map(quoted),
    ),
    variables: hostileJson,
    operationName: fc.oneof(fc.constantFrom('"A"', '"__proto__"', '"C"'), hostileJson),
    extensions: hostileJson,
  }),
);

/** Messages of graphql-transport-ws, as a client may send them and as it may not. */
export const hostileMessage: Arbitrary<string> = fc.oneof(
  { weight: 6, arbitrary: hostileObject({ type: mostly(fc.constant('"subscribe"')), id, payload }) },
  {
    weight: 2,
    arbitrary: hostileObject({
      type: mostly(fc.constantFrom('"complete"', '"ping"', '"pong"', '"next"', '"connection_init"')),
      id,
      payload: hostileJson,
    }),
  },
  { weight: 1, arbitrary: hostileJson },
  { weight: 1, arbitrary: hostileText },
);

/** How a client presents itself. */
export const hostileInit: Arbitrary<string> = hostileObject({
  type: fc.constantFrom('"connection_init"', '"connection_init"', '"subscribe"'),
  payload: mostly(
    hostileObject({
      authorization: fc.oneof(fc.constantFrom('"Bearer "', '"Bearer a.b.c"', '"Bearer tf_"'), hostileJson),
      Authorization: hostileJson,
    }),
  ),
});
