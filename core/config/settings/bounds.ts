import { flag, integer } from '../kinds/kinds.ts';
import { setting } from '../kinds/setting.ts';

/** What one call or connection can make a server do or hold. */
export const bounds = {
  responseMaxBytes: setting(integer(10_000, 1_000_000_000, 'bytes'), {
    variable: 'RESPONSE_MAX_BYTES',
    default: '16777216',
    decides:
      'How large one result may be, over any transport. The default is enough for the largest page: 100 messages of 32,000 Chinese characters are 9.6 MB.',
  }),
  documentMaxCharacters: setting(integer(1_000, 1_000_000), {
    variable: 'DOCUMENT_MAX_CHARACTERS',
    default: '200000',
    decides: 'How long a document of GraphQL may be, texts in it included.',
  }),
  documentMaxLines: setting(integer(100, 100_000), {
    variable: 'DOCUMENT_MAX_LINES',
    default: '2000',
    decides: 'How many lines it may have. Each error counts them to state its line.',
  }),
  documentMaxTokens: setting(integer(500, 100_000), {
    variable: 'DOCUMENT_MAX_TOKENS',
    default: '2000',
    decides: 'How many tokens it may have. The introspection query has about 500.',
  }),
  documentMaxSelections: setting(integer(500, 1_000_000), {
    variable: 'DOCUMENT_MAX_SELECTIONS',
    default: '4000',
    decides:
      'How many fields and fragments it may select, where a fragment counts with all its fields wherever it is spread.',
  }),
  documentMaxComparisons: setting(integer(100, 1_000_000), {
    variable: 'DOCUMENT_MAX_COMPARISONS',
    default: '8000',
    decides:
      'How many pairs of fields it may have that share a name in the result: validation compares each pair.',
  }),
  documentCacheBytes: setting(integer(0, 1_000_000_000, 'bytes'), {
    variable: 'DOCUMENT_CACHE_BYTES',
    default: '16777216',
    decides: 'How much memory the cache of parsed and of refused documents takes, at most.',
  }),
  documentSuggestions: setting(flag, {
    variable: 'DOCUMENT_SUGGESTIONS',
    default: '0',
    decides: '`1` lets errors of validation suggest similar names, which takes time. `npm run dev` sets it.',
  }),
  connectionMaxUnreadBytes: setting(integer(10_000, 1_000_000_000, 'bytes'), {
    variable: 'CONNECTION_MAX_UNREAD_BYTES',
    default: '4194304',
    decides:
      'How much may wait on one connection for a client that does not read, before it is closed. One message may be larger.',
  }),
  callerMaxUnreadBytes: setting(integer(10_000, 1_000_000_000, 'bytes'), {
    variable: 'CALLER_MAX_UNREAD_BYTES',
    default: '67108864',
    decides:
      'How much may wait for one caller over all of their connections, before a further large result is refused.',
  }),
  socketMaxPings: setting(integer(1, 10_000, 'a second'), {
    variable: 'SOCKET_MAX_PINGS',
    default: '10',
    decides: 'How many pings and pongs a client may send over one WebSocket, before it is closed.',
  }),
};
