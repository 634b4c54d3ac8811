import { builder } from '../builder.ts';
import { ApiScope } from './enums.ts';

export const ApiToken = builder.prismaNode('ApiToken', {
  id: { field: 'id', description: 'Opaque, and unique among all types.' },
  description: 'A right to call the API that the viewer gave to a program.',
  fields: (t) => ({
    name: t.exposeString('name', { description: "The viewer's own name for it." }),
    prefix: t.exposeString('prefix', {
      description: 'The beginning of its secret, by which it is recognised, such as `tf_4hXq0Zk`.',
    }),
    scopes: t.field({
      type: [ApiScope],
      description: 'What it may be used for.',
      resolve: ({ scopes }) => scopes,
    }),
    createdAt: t.expose('createdAt', { type: 'DateTime', description: 'When it was created.' }),
    expiresAt: t.expose('expiresAt', {
      type: 'DateTime',
      nullable: true,
      description: 'When it stops being valid by itself; null when it does not.',
    }),
    lastUsedAt: t.expose('lastUsedAt', {
      type: 'DateTime',
      nullable: true,
      description: 'When it was last used, to the minute; null when it never was.',
    }),
    revokedAt: t.expose('revokedAt', {
      type: 'DateTime',
      nullable: true,
      description: 'When it was revoked; null when it was not.',
    }),
  }),
});
