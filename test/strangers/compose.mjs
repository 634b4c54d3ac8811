import { text } from 'node:stream/consumers';
import { fileURLToPath } from 'node:url';
import { composeServices } from '@apollo/composition';
import { parse } from 'graphql';
import { TICKETS } from './tickets.mjs';

/**
 * A supergraph of the product and of tickets.
 * @param {string} sdl the product's
 * @param {{ taskflow: string, tickets: string }} urls of both subgraphs
 * @returns {{ supergraph?: string, errors: string[] }}
 */
export function compose(sdl, urls) {
  const { supergraphSdl, errors } = composeServices([
    { name: 'taskflow', url: urls.taskflow, typeDefs: parse(sdl) },
    { name: 'tickets', url: urls.tickets, typeDefs: parse(TICKETS) },
  ]);
  return { supergraph: supergraphSdl, errors: (errors ?? []).map(({ message }) => message) };
}

/** As a program: reads a JSON list of SDLs from stdin, and prints the errors of composing each, as JSON. */
if (process.argv[1] === fileURLToPath(import.meta.url)) {
  const nowhere = 'http://127.0.0.1:1';
  const urls = { taskflow: nowhere, tickets: nowhere };
  const faults = JSON.parse(await text(process.stdin)).map((sdl) => compose(sdl, urls).errors);
  process.stdout.write(JSON.stringify(faults));
}
