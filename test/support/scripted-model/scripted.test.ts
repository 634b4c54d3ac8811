import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { type ScriptedUpstream, startScriptedUpstream } from './scripted.ts';

let upstream: ScriptedUpstream;
beforeEach(async () => {
  upstream = await startScriptedUpstream();
});
afterEach(() => upstream.close());

function ask(content: string, signal?: AbortSignal): Promise<Response> {
  return fetch(`${upstream.baseURL}/chat/completions`, {
    method: 'POST',
    body: JSON.stringify({ model: 'm', stream: true, messages: [{ role: 'user', content }] }),
    ...(signal && { signal }),
  });
}

describe('a scripted upstream', () => {
  it('hands out requests in order, and keeps them all', async () => {
    const answers = [ask('one')];
    const first = await upstream.nextRequest();
    answers.push(ask('two'));
    const second = await upstream.nextRequest();
    expect([first, second].map((request) => request.messages[0]?.content)).toEqual(['one', 'two']);
    expect(upstream.requests.map((request) => request.messages[0]?.content)).toEqual(['one', 'two']);
    await first.send('1');
    await first.finish();
    await second.finish();
    expect(await (await answers[0])?.text()).toContain('"content":"1"');
  });

  it('reports that the client has closed the socket, and writes nothing more', async () => {
    const stop = new AbortController();
    const answer = ask('hang', stop.signal);
    const request = await upstream.nextRequest();
    expect(await request.send('a')).toBe(true);
    await answer;
    const before = performance.now();
    stop.abort();
    expect((await request.closed).at).toBeGreaterThanOrEqual(before);
    expect(await request.send('b')).toBe(false);
  });

  it('writes nothing after the end of an answer', async () => {
    const answer = ask('x');
    const request = await upstream.nextRequest();
    expect(await request.finish()).toBe(true);
    expect(await request.send('late')).toBe(false);
    expect(await (await answer).text()).not.toContain('late');
  });

  it('answers automatically in chunks after answerAll', async () => {
    upstream.answerAll((request) => `You said ${request.messages[0]?.content}`, { chunkSize: 5, delayMs: 1 });
    const text = await (await ask('hi')).text();
    expect([...text.matchAll(/"content":"([^"]+)"/g)].map(([, piece]) => piece)).toEqual([
      'You s',
      'aid h',
      'i',
    ]);
    upstream.answerAll(null);
    const waiting = ask('again');
    await (await upstream.nextRequest()).fail(418);
    expect((await waiting).status).toBe(418);
  });

  it('answers also the requests that were not taken before answerAll', async () => {
    const taken = ask('taken');
    const request = await upstream.nextRequest();
    const waiting = ask('waiting');
    await expect.poll(() => upstream.requests.length).toBe(2);
    upstream.answerAll('by itself');
    expect(await (await waiting).text()).toContain('"content":"by itself"');
    await request.finish();
    expect(await (await taken).text()).not.toContain('by itself');
  });

  it('knows only the models with which it was started', async () => {
    const one = await startScriptedUpstream({ models: ['known'] });
    one.answerAll('Here.');
    const askFor = (model: string) =>
      fetch(`${one.baseURL}/chat/completions`, {
        method: 'POST',
        body: JSON.stringify({ model, messages: [{ role: 'user', content: 'Hi' }] }),
      });
    expect((await askFor('known')).status).toBe(200);
    const refused = await askFor('other');
    expect(refused.status).toBe(404);
    expect(await refused.text()).toContain('model_not_found');
    await one.close();
  });

  it('rejects a pending nextRequest when it is closed', async () => {
    const waiting = upstream.nextRequest();
    await upstream.close();
    await expect(waiting).rejects.toThrow('was closed');
  });
});
