/** A part of an export. */
type Section =
  | 'account'
  | 'person'
  | 'conversations'
  | 'messages'
  | 'regenerations'
  | 'inferenceLogs'
  | 'apiTokens';

/** A step of an erasure. */
export type Step = 'account' | 'apiTokens' | 'conversations' | 'turnSlots' | 'inferenceLogs' | 'jobs';

/** `not`: why it is in no export. */
type Exported = { readonly in: Section } | { readonly not: string };

/** `not`: why no step erases it. */
type Erased = { readonly by: Step } | { readonly not: string };

/** A place where something of a person may be. */
interface Place {
  /** What of a person may be in it. */
  readonly holds: string;
  readonly exported: Exported;
  readonly erased: Erased;
}

/** The name of a column in an export, and the type of node that its id is of, if it is one; `not`: why it is in none. */
type Column = { readonly as: string; readonly node?: string } | { readonly not: string };

export interface Table extends Place {
  readonly columns: Readonly<Record<string, Column>>;
}

const shown = (name: string, node?: string): Column =>
  node === undefined ? { as: name } : { as: name, node };
const NOTHING: Place = {
  holds: 'nothing',
  exported: { not: 'it holds nothing' },
  erased: { not: 'it holds nothing' },
};
const OF_THE_PERSON: Column = { not: 'the part `person` has it' };
const OF_THE_CONVERSATION: Column = { not: 'it is in its conversation' };
const AT_WORK: Column = { not: 'it is about work that is being done, and is over with it' };
const INTERNAL: Column = { not: 'it numbers changes' };

/** The tables of the migrations, with every column. */
const TABLES = {
  conversations: {
    holds:
      'settings, instructions, titles, the beginning of the newest message, messages that wait; events that are about to be published',
    exported: { in: 'conversations' },
    erased: { by: 'conversations' },
    columns: {
      id: shown('id', 'Conversation'),
      owner: OF_THE_PERSON,
      tenant: OF_THE_PERSON,
      client_conversation_id: shown('clientConversationId'),
      title: shown('title'),
      status: shown('status'),
      model: shown('modelId'),
      provider: shown('provider'),
      pacing: shown('pacing'),
      reading_wpm: shown('readingWpm'),
      idle_timeout: shown('idleTimeout'),
      instructions: shown('instructions'),
      message_count: shown('messageCount'),
      last_message_preview: shown('lastMessagePreview'),
      last_activity_at: shown('lastActivityAt'),
      created_at: shown('createdAt'),
      updated_at: shown('updatedAt'),
      last_turn_id: shown('lastTurnId', 'Message'),
      pending_turn_id: AT_WORK,
      pending_turn_cause: AT_WORK,
      pending_turn_model: AT_WORK,
      failed_turn_id: shown('failedTurnId', 'Message'),
      failure_code: shown('failureCode'),
      failure_retryable: shown('failureRetryable'),
      version: INTERNAL,
      outbox: { not: 'it has copies of titles and ids of messages, until they are published' },
      outbox_count: INTERNAL,
      outbox_since: AT_WORK,
      recent_commits: INTERNAL,
      recently_seen: INTERNAL,
      queued: shown('queuedMessages'),
      last_acknowledgement_id: shown('lastAcknowledgementId', 'Message'),
    },
  },
  messages: {
    holds: 'what was written and answered',
    exported: { in: 'messages' },
    erased: { by: 'conversations' },
    columns: {
      id: shown('id', 'Message'),
      conversation_id: OF_THE_CONVERSATION,
      client_message_id: shown('clientMessageId'),
      turn_id: shown('turnId', 'Message'),
      role: shown('role'),
      content: shown('content'),
      status: shown('status'),
      model: shown('modelId'),
      interruption_reason: shown('interruptionReason'),
      is_truncated: shown('isTruncated'),
      failed_turn_id: shown('failedTurnId', 'Message'),
      failure_code: shown('failureCode'),
      failure_retryable: shown('failureRetryable'),
      acknowledged_turn_id: shown('acknowledgedTurnId', 'Message'),
      acknowledged_offset: shown('acknowledgedOffset'),
      parent_id: shown('parentId'),
      hidden_since: shown('hiddenSince'),
      input_tokens: shown('inputTokens'),
      output_tokens: shown('outputTokens'),
      duration_ms: shown('durationMs'),
      created_at: shown('createdAt'),
    },
  },
  message_words: {
    holds: 'the words of messages, each once: the index of the search',
    exported: { not: 'they are in messages' },
    erased: { by: 'conversations' },
    columns: {
      message_id: { not: 'it only links rows' },
      owner_key: { not: 'it is made of the id of the person' },
      size: { not: 'it counts words' },
      words: { not: 'they are in messages' },
    },
  },
  messages_to_index: {
    holds: 'ids of messages that are about to be indexed',
    exported: { not: 'they are in messages' },
    erased: { not: 'a worker removes them, usually within a second' },
    columns: { id: AT_WORK, message_id: AT_WORK },
  },
  search_progress: {
    ...NOTHING,
    columns: { id: AT_WORK, languages: AT_WORK, before: AT_WORK },
  },
  regenerations: {
    holds: 'ids of requests to answer again',
    exported: { in: 'regenerations' },
    erased: { by: 'conversations' },
    columns: {
      conversation_id: OF_THE_CONVERSATION,
      client_request_id: shown('clientRequestId'),
      turn_id: shown('turnId', 'Message'),
    },
  },
  deletions: {
    holds: 'ids of deleted conversations, until their listeners were sent the end',
    exported: { not: 'the conversation is deleted' },
    erased: { by: 'conversations' },
    columns: { conversation_id: { not: 'the conversation is deleted' }, deleted_at: AT_WORK },
  },
  pending_turn_rests: {
    holds: 'an answer whose rest is being spoken at a reader’s pace',
    exported: { not: 'it is in messages as soon as it has ended' },
    erased: { by: 'conversations' },
    columns: {
      conversation_id: AT_WORK,
      turn_id: AT_WORK,
      text: { not: 'it is in messages as soon as it has ended' },
      spoken: AT_WORK,
      tokens: AT_WORK,
      model: AT_WORK,
      fallback: AT_WORK,
      ending: AT_WORK,
      reading_wpm: AT_WORK,
    },
  },
  inference_logs: {
    holds: 'previews of requests, answers and error messages',
    exported: { in: 'inferenceLogs' },
    erased: { by: 'inferenceLogs' },
    columns: {
      id: shown('id', 'InferenceLog'),
      tenant: OF_THE_PERSON,
      owner: OF_THE_PERSON,
      conversation_id: shown('conversationId', 'Conversation'),
      message_id: shown('messageId', 'Message'),
      model: shown('modelId'),
      provider: shown('provider'),
      latency_ms: shown('latencyMs'),
      time_to_first_token_ms: shown('timeToFirstTokenMs'),
      input_tokens: shown('inputTokens'),
      output_tokens: shown('outputTokens'),
      tokens_estimated: shown('tokensEstimated'),
      status: shown('status'),
      error_code: shown('errorCode'),
      error_message: shown('errorMessage'),
      input_preview: shown('inputPreview'),
      output_preview: shown('outputPreview'),
      created_at: shown('createdAt'),
    },
  },
  api_tokens: {
    holds: 'names of tokens, hashes of their secrets',
    exported: { in: 'apiTokens' },
    erased: { by: 'apiTokens' },
    columns: {
      id: shown('id', 'ApiToken'),
      tenant: OF_THE_PERSON,
      owner: OF_THE_PERSON,
      role: shown('role'),
      name: shown('name'),
      prefix: shown('prefix'),
      hash: { not: 'it belongs to a secret' },
      scopes: shown('scopes'),
      created_at: shown('createdAt'),
      expires_at: shown('expiresAt'),
      last_used_at: shown('lastUsedAt'),
      revoked_at: shown('revokedAt'),
    },
  },
  users: {
    holds: 'name, e-mail address, picture of a user or a guest',
    exported: { in: 'account' },
    erased: { by: 'account' },
    columns: {
      id: shown('id'),
      name: shown('name'),
      email: shown('email'),
      email_verified: shown('emailVerified'),
      image: shown('image'),
      role: shown('role'),
      is_anonymous: shown('isGuest'),
      created_at: shown('createdAt'),
      updated_at: shown('updatedAt'),
    },
  },
  sessions: {
    holds: 'sessions: addresses and browsers',
    exported: { in: 'account' },
    erased: { by: 'account' },
    columns: {
      id: { not: 'it only links rows' },
      user_id: OF_THE_PERSON,
      token: { not: 'it is a secret' },
      expires_at: shown('expiresAt'),
      ip_address: shown('ipAddress'),
      user_agent: shown('userAgent'),
      created_at: shown('createdAt'),
      updated_at: shown('updatedAt'),
    },
  },
  accounts: {
    holds: 'ways of signing in: ids at providers, hashes of passwords',
    exported: { in: 'account' },
    erased: { by: 'account' },
    columns: {
      id: { not: 'it only links rows' },
      user_id: OF_THE_PERSON,
      provider_id: shown('provider'),
      account_id: shown('idAtProvider'),
      password: { not: 'it belongs to a secret' },
      access_token: { not: 'it is not stored' },
      refresh_token: { not: 'it is not stored' },
      id_token: { not: 'it is not stored' },
      access_token_expires_at: { not: 'it is not stored' },
      refresh_token_expires_at: { not: 'it is not stored' },
      scope: shown('scope'),
      created_at: shown('createdAt'),
      updated_at: shown('updatedAt'),
    },
  },
  verifications: {
    holds: 'links of mails and sign-ins that are under way, for an hour at most',
    exported: { not: 'they are secrets' },
    erased: { by: 'account' },
    columns: {
      id: { not: 'it is a part of a secret' },
      identifier: { not: 'it is a part of a secret' },
      value: { not: 'it is a part of a secret' },
      expires_at: { not: 'it is a part of a secret' },
      created_at: { not: 'it is a part of a secret' },
      updated_at: { not: 'it is a part of a secret' },
    },
  },
  jwks: {
    ...NOTHING,
    columns: {
      id: { not: 'it is of the server' },
      public_key: { not: 'it is of the server' },
      private_key: { not: 'it is of the server' },
      alg: { not: 'it is of the server' },
      crv: { not: 'it is of the server' },
      created_at: { not: 'it is of the server' },
      expires_at: { not: 'it is of the server' },
    },
  },
  erasures: {
    holds: 'a hash of the id of an erased person, for 30 days',
    exported: { not: 'the person is erased' },
    erased: { not: 'it keeps records of their calls that are under way from being stored as theirs' },
    columns: { person: { not: 'the person is erased' }, erased_at: { not: 'the person is erased' } },
  },
} as const satisfies Record<string, Table>;

/** The tables of libraries, by schema and name. */
const LIBRARY_TABLES = {
  'public._prisma_migrations': NOTHING,
  'bullmq.migration': NOTHING,
  'bullmq.meta': NOTHING,
  'bullmq.metrics': NOTHING,
  'bullmq.rate_limit': NOTHING,
  'bullmq.scheduler': NOTHING,
  'bullmq.relay_node': NOTHING,
  'bullmq.relay_subscription': NOTHING,
  'bullmq.relay_inbox': NOTHING,
  'bullmq.relay_retained': NOTHING,
  'bullmq.job_dependency': NOTHING,
  'bullmq.job_log': NOTHING,
  'bullmq.job': ofJobs('the jobs of the queues, without Redis'),
  'bullmq.dedup': ofJobs('ids of conversations with timers'),
  'bullmq.dedup_next': ofJobs('timers that are armed again while they run'),
  'bullmq.event': ofJobs('ids of jobs, and why they failed'),
} as const satisfies Record<string, Place>;

/** The queues. */
const QUEUES = {
  turns: ofJobs('ids of conversations and turns, and whose they are'),
  rests: ofJobs('ids of conversations and turns, and whose they are'),
  timers: ofJobs('ids of conversations and turns'),
  'inference-logs': ofJobs('the whole texts of requests, answers and error messages'),
  sweep: NOTHING,
  prune: NOTHING,
} as const satisfies Record<string, Place>;

/** The keys in Redis. A word in angle brackets stands for any text without colons and braces; `<...>` for any text. */
const KEYS = {
  '<prefix>:{<conversation>}:feed': {
    holds:
      'the state of a feed; for an hour after its end only that it is gone, under the id of the conversation',
    exported: { not: 'what it says is in messages' },
    erased: { by: 'conversations' },
  },
  '<prefix>:{<conversation>}:feed:text': ofFeed('the answer that is being spoken'),
  '<prefix>:{<conversation>}:feed:log': ofFeed('the latest events'),
  '<prefix>:{<conversation>}:presence': {
    holds: 'which servers have listeners, under the id of the conversation',
    exported: { not: 'it is over when nobody listens' },
    erased: { not: 'its listeners are sent the end, which removes it; else it expires within 24 s' },
  },
  '{<prefix>:turn-slots}': ofSlots('the ids of owners whose turns wait for others of theirs'),
  '{<prefix>:turn-slots}:<owner>:waiting': ofSlots('ids of turns and conversations'),
  '{<prefix>:turn-slots}:<owner>:leases': ofSlots('ids of turns and conversations'),
  '<prefix>:rates:<...>': {
    holds: 'ids of owners, addresses, hashes of e-mail addresses, each with how often it has called',
    exported: { not: 'it is over with the window in which calls are counted' },
    erased: { not: 'it expires within an hour' },
  },
  '{<prefix>}:<queue>:<...>': ofJobs('the jobs of the queues, their order and their history'),
  '{<prefix>}:workers': NOTHING,
  '<prefix>:sick-models': NOTHING,
  '{<prefix>:sick-models}:probe:<...>': NOTHING,
  '<prefix>:probe': NOTHING,
  '<prefix>:probe:<number>': NOTHING,
} as const satisfies Record<string, Place>;

/** What running processes have in memory. */
const MEMORY = {
  'feeds, without Redis': ofFeed('what Redis has otherwise'),
  'rows of conversations with a pending turn': inMemory('for at most a minute'),
  'API tokens that were used': inMemory(
    'they are trusted for 3 s, and up to 10,000 stay until the process ends',
  ),
  'records of calls to models': inMemory(
    'as long as the queue is unavailable; then they are stored without text',
  ),
  'prompts and answers of calls to models': inMemory('as long as the call, which ends with its conversation'),
  'how often an owner or an address has called, and how much they have open': inMemory(
    'for an hour at most, or as long as it is open',
  ),
  'what waits for a listener': inMemory('as long as the subscription, which ends with its conversation'),
} as const satisfies Record<string, Place>;

/**
 * Every place where something of a person may be, how it is exported and how it is erased. The export and the erasure follow
 * it; tests compare it with the tables, keys and queues that there are.
 */
export const INVENTORY = {
  tables: TABLES,
  libraryTables: LIBRARY_TABLES,
  queues: QUEUES,
  keys: KEYS,
  memory: MEMORY,
} as const;

function ofJobs(holds: string): Place {
  return { holds, exported: { not: 'what it is about is stored elsewhere' }, erased: { by: 'jobs' } };
}

function ofFeed(holds: string): Place {
  return {
    holds,
    exported: { not: 'it is in messages as soon as it has ended' },
    erased: { by: 'conversations' },
  };
}

function ofSlots(holds: string): Place {
  return { holds, exported: { not: 'it is over when the turn is' }, erased: { by: 'turnSlots' } };
}

function inMemory(until: string): Place {
  const why = { not: until };
  return { holds: 'copies', exported: why, erased: why };
}
