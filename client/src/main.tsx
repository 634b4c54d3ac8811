import { StrictMode } from 'react';
import { createRoot } from 'react-dom/client';
import { App } from './app.tsx';
import './base.css';
import { createServices } from './services/services.ts';
import { Visits } from './services/visits.ts';
import { openAccount } from './session/open-account.ts';

const root = document.getElementById('root');
if (!root) throw new Error('index.html has no #root');

const account = openAccount(window);
const visits = new Visits(account, () => createServices(window, account));
account.start();
createRoot(root).render(
  <StrictMode>
    <App visits={visits} />
  </StrictMode>,
);
import.meta.hot?.dispose(() => {
  account.stop();
  void visits.stop();
});
