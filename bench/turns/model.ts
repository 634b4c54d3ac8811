import { startScriptedUpstream } from '../../test/support/scripted-model/scripted.ts';

/**
 * The model of the benchmarks as a process of its own: some forty tokens a second, as hosted models stream them. It answers at length where
 * the last message asks for it, else in two words.
 */
const WORDS =
  'One thing leads to the next and so the answer goes on for quite a while, word after word. '.repeat(60);
const TOKEN_CHARACTERS = 5;
const TOKEN_MS = 25;

const model = await startScriptedUpstream();
model.answerAll(
  (request) => (String(request.messages.at(-1)?.content).includes('at length') ? WORDS : 'Very well.'),
  {
    chunkSize: TOKEN_CHARACTERS,
    delayMs: TOKEN_MS,
  },
);
process.stdout.write(`${JSON.stringify({ msg: 'ready', url: model.baseURL })}\n`);
process.once('SIGTERM', () => process.exit(0));
