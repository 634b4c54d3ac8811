import { StrictMode } from 'react';
import { createRoot } from 'react-dom/client';
import { App } from './app.tsx';
import './base.css';
import { createServices } from './services/services.ts';

const root = document.getElementById('root');
if (!root) throw new Error('index.html has no #root');

const services = createServices(window);
services.start();
createRoot(root).render(
  <StrictMode>
    <App services={services} />
  </StrictMode>,
);
import.meta.hot?.dispose(() => services.stop());
