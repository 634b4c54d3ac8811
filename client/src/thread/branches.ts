import { createContext, useContext } from 'react';
import type { BranchPartsFragment } from '../gql/graphql.ts';

type Branch = BranchPartsFragment['branch'];

/** The alternatives of messages, and what makes another one. */
export interface Branches {
  /** Null: it has none, or they are not known yet. */
  of(messageId: string): Branch | null;
  /** Whether a call is on its way. */
  busy: boolean;
  /** Shows the branch of another alternative. */
  select(messageId: string): void;
  /** Words a user's message differently. Resolves to whether that was accepted. */
  edit(messageId: string, text: string): Promise<boolean>;
  /** Has a message answered again. */
  again(messageId: string): void;
}

const NONE: Branches = {
  of: () => null,
  busy: false,
  select: () => {},
  edit: async () => false,
  again: () => {},
};

export const BranchesContext = createContext<Branches>(NONE);

/** The alternatives of the messages of the open conversation. */
export const useBranches = (): Branches => useContext(BranchesContext);
