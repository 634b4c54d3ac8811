import { readFileSync, writeFileSync } from 'node:fs';
import { envExample, withSettings } from './settings-pages.ts';

/** Prints the table of settings into README.md and `.env.example`. */
const file = (path: string) => new URL(`../${path}`, import.meta.url);
writeFileSync(file('README.md'), withSettings(readFileSync(file('README.md'), 'utf8')));
writeFileSync(file('.env.example'), envExample());
