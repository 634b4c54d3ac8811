import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { createInterface } from 'node:readline';
import { text } from 'node:stream/consumers';
import { fileURLToPath } from 'node:url';
import type { Data } from './harness.ts';

const SCENARIO = fileURLToPath(new URL('../strangers/scenario.mjs', import.meta.url));

/** A program of test/strangers in a process of its own. */
export class StrangersProgram {
  readonly #child: ChildProcess;
  readonly #lines: AsyncIterator<string>;
  readonly #said: Promise<string>;
  /** Rejects if it exits before its input ends. */
  readonly #ended: Promise<unknown>;

  constructor(client: string, url: string) {
    const child = spawn(process.execPath, [SCENARIO, client, url], { stdio: 'pipe' });
    this.#child = child;
    this.#lines = createInterface({ input: child.stdout })[Symbol.asyncIterator]();
    this.#said = text(child.stderr);
    this.#ended = once(child, 'close');
  }

  /** The next line that satisfies the predicate. Rejects, with its output, if the program ends instead. */
  async printed(isIt: (line: Data) => boolean): Promise<Data> {
    for (;;) {
      const { value, done } = await this.#lines.next();
      if (done) throw new Error(`the program has ended: ${await this.#said}`);
      const line = JSON.parse(value);
      if (isIt(line)) return line;
    }
  }

  /** Resolves when the program shows this text of an answer. Rejects if it shows another one first. */
  async shows(text: string): Promise<void> {
    await this.printed((line) => {
      if (line.type === 'TurnTextAdded' && !text.startsWith(line.text))
        throw new Error(`it shows ${JSON.stringify(line.text)} in place of ${JSON.stringify(text)}`);
      return line.text === text;
    });
  }

  /** Resolves when it shows the word at which it interrupts. */
  async cutsIn(): Promise<void> {
    await this.printed(({ type, text }) => type === 'TurnTextAdded' && text.endsWith('However, '));
  }

  /** Lets it exit by itself. Returns how it exited. */
  async end(): Promise<{ code: number | null; stderr: string }> {
    this.#child.stdin?.end();
    await this.#ended;
    return { code: this.#child.exitCode, stderr: await this.#said };
  }

  kill(): void {
    this.#child.kill('SIGKILL');
  }
}
