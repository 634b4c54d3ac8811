import { connect } from '@taskflow/client';
import { StrictMode } from 'react';
import { createRoot } from 'react-dom/client';
import { Chat } from './chat.tsx';

// The page of a conversation: ?server=https://chat.example.com&conversation=ID
const parameters = new URLSearchParams(location.search);
const client = connect({ url: `${parameters.get('server') ?? 'http://localhost:4000'}/graphql` });
const conversation = client.conversation(parameters.get('conversation') ?? '');

const root = document.getElementById('root');
if (root)
  createRoot(root).render(
    <StrictMode>
      <Chat conversation={conversation} />
    </StrictMode>,
  );
