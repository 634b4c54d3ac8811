import { StrictMode } from 'react';
import { createRoot } from 'react-dom/client';
import { App } from './app.tsx';
import './base.css';
import { Language } from './language/language.ts';
import { createServices } from './services/services.ts';
import { Visits } from './services/visits.ts';
import { openAccount } from './session/open-account.ts';

const root = document.getElementById('root');
if (!root) throw new Error('index.html has no #root');

const language = new Language(window);
const account = openAccount(window);
const visits = new Visits(account, () => createServices(window, account));
account.start();
// Not awaited at the top level: what loads later shares code with this file.
void language.start().then(() =>
  createRoot(root).render(
    <StrictMode>
      <App visits={visits} language={language} />
    </StrictMode>,
  ),
);
import.meta.hot?.dispose(() => {
  account.stop();
  language.stop();
  void visits.stop();
});
