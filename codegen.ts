import type { CodegenConfig } from '@graphql-codegen/cli';
import { addTypenameSelectionDocumentTransform } from '@graphql-codegen/client-preset';

/** Types for the web client's documents: `npx graphql-codegen` writes them, `--check` fails when they are out of date. */
const config: CodegenConfig = {
  schema: './schema.graphql',
  documents: ['client/src/**/*.graphql'],
  generates: {
    'client/src/gql/': {
      preset: 'client',
      // Each document has its hash, and persisted-documents.json has them all, for a server that runs no others.
      presetConfig: { fragmentMasking: false, persistedDocuments: { hashAlgorithm: 'sha256' } },
      // Keeps types and responses in agreement: graphcache needs __typename everywhere, and it distinguishes union members.
      documentTransforms: [addTypenameSelectionDocumentTransform],
      config: {
        useTypeImports: true,
        enumsAsTypes: true,
        strictScalars: true,
        scalars: { DateTime: 'string', UUID: 'string' },
      },
    },
  },
};

export default config;
