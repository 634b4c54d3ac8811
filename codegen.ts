import type { CodegenConfig } from '@graphql-codegen/cli';
import { addTypenameSelectionDocumentTransform } from '@graphql-codegen/client-preset';

const PACKAGE = 'packages/client/src';

const generated = {
  preset: 'client' as const,
  // Each document has its hash, and persisted-documents.json has them all, for a server that runs no others.
  presetConfig: { fragmentMasking: false, persistedDocuments: { hashAlgorithm: 'sha256' as const } },
  // Keeps types and responses in agreement: graphcache needs __typename everywhere, and it distinguishes union members.
  documentTransforms: [addTypenameSelectionDocumentTransform],
};

const types = {
  useTypeImports: true,
  enumsAsTypes: true,
  strictScalars: true,
  scalars: { DateTime: 'string', UUID: 'string' },
};

/**
 * Types for the documents of @taskflow/client, and for those of the web client, which uses its fragments and executes its
 * operations, too: `npx graphql-codegen` writes them, `--check` fails when they are out of date.
 */
const config: CodegenConfig = {
  schema: './schema.graphql',
  generates: {
    'client/src/gql/': {
      documents: ['client/src/**/*.graphql', `${PACKAGE}/*.graphql`],
      ...generated,
      config: types,
    },
    [`${PACKAGE}/gql/`]: {
      documents: [`${PACKAGE}/*.graphql`],
      ...generated,
      // A document as text takes a third of the bytes, and what is not used is left out of a bundle.
      config: { ...types, documentMode: 'string', pureMagicComment: true, importExtension: '.ts' },
    },
  },
};

export default config;
