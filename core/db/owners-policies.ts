/**
 * The roles as which owners' rows are read, and changed, for a caller. They belong to no person: they cannot log in. The
 * policies of row security bound them alone, so that backups, migrations and the workers see all rows.
 */
export const READER_ROLE = 'taskflow_reader';
export const WRITER_ROLE = 'taskflow_writer';

/** Settings of a transaction: for whom it is. */
const OWNER = `current_setting('taskflow.owner')`;
const OF_TENANT = `tenant = current_setting('taskflow.tenant')`;
const OWN = `owner = ${OWNER} AND ${OF_TENANT}`;
/** The policy of `conversations` holds in there, too. */
const OF_OWN_CONVERSATION = 'EXISTS (SELECT FROM conversations WHERE conversations.id = conversation_id)';

interface Rows {
  /** Which rows the roles see. The writer changes the same ones, and can make no others. */
  own: string;
  /** Which ones the writer changes, if that differs: it can make all that it sees of them. */
  changed?: string;
}

const TABLES: Record<string, Rows> = {
  conversations: { own: OWN },
  messages: { own: OF_OWN_CONVERSATION },
  regenerations: { own: OF_OWN_CONVERSATION },
  deletions: { own: OF_OWN_CONVERSATION },
  pending_turn_rests: { own: OF_OWN_CONVERSATION },
  api_tokens: { own: OWN },
  // Telemetry is a tenant's. With a conversation or a person their texts and ids go from it, and the measurements stay.
  inference_logs: {
    own: OF_TENANT,
    changed: `${OF_TENANT} AND (owner = ${OWNER} OR ${OF_OWN_CONVERSATION})`,
  },
};

/** The tables with rows of owners. */
export const OWNERS_TABLES: readonly string[] = Object.keys(TABLES);

export interface Policy {
  table: string;
  name: string;
  /** The rest of `CREATE POLICY name ON table`. */
  terms: string;
}

/** What row security holds. Another rule needs another name: a policy that exists by its name is left as it is. */
export const POLICIES: readonly Policy[] = Object.entries(TABLES).flatMap(([table, { own, changed }]) => [
  { table, name: 'taskflow_own', terms: `FOR SELECT TO ${READER_ROLE} USING (${own})` },
  // A row that a change makes must be seen by its maker.
  ...(changed
    ? [{ table, name: 'taskflow_seen', terms: `FOR SELECT TO ${WRITER_ROLE} USING (${own})` }]
    : []),
  {
    table,
    name: 'taskflow_own_changes',
    terms: `TO ${WRITER_ROLE} USING (${changed ?? own}) WITH CHECK (${own})`,
  },
  {
    table,
    name: 'taskflow_system',
    terms: `USING (current_user NOT IN ('${READER_ROLE}', '${WRITER_ROLE}'))`,
  },
]);

/** Policies of versions before, which would let the writer see all rows. */
export const OLD_POLICY = 'taskflow_others';

/** `schema`: quoted. */
export function grantsIn(schema: string): string {
  const tables = OWNERS_TABLES.join(', ');
  return `GRANT USAGE ON SCHEMA ${schema} TO ${READER_ROLE}, ${WRITER_ROLE};
    GRANT SELECT ON ${tables} TO ${READER_ROLE};
    GRANT SELECT, INSERT, UPDATE, DELETE ON ${tables} TO ${WRITER_ROLE}`;
}
