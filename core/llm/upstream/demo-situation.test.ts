import { describe, expect, test } from 'vitest';
import { CONTINUE_REQUEST } from '../../domain/texts.ts';
import { promptFor } from '../../prompt/prompt.ts';
import { readSituation } from './demo-situation.ts';

const said = (
  role: 'USER' | 'ASSISTANT',
  content: string,
  status: 'COMPLETED' | 'INTERRUPTED' = 'COMPLETED',
) => ({
  role,
  content,
  status,
});

describe('what the demo makes of a prompt of ours', () => {
  const turn = { cause: 'USER_MESSAGE' as const, spoken: '' };

  test('a first message interrupts nothing', () => {
    const situation = readSituation(promptFor(turn, [said('USER', 'How are you?')]));
    expect(situation).toEqual({ kind: 'answer', text: 'How are you?', interrupted: false });
  });

  test('a message that cut an answer off does', () => {
    const history = [
      said('USER', 'Tell me'),
      said('ASSISTANT', 'Once upon', 'INTERRUPTED'),
      said('USER', 'Stop'),
    ];
    expect(readSituation(promptFor(turn, history))).toEqual({
      kind: 'answer',
      text: 'Stop',
      interrupted: true,
    });
  });

  test('a greeting is asked for as one', () => {
    expect(readSituation(promptFor({ cause: 'GREETING', spoken: '' }, []))).toEqual({ kind: 'greeting' });
  });

  test('an answer that broke off goes on from what was heard', () => {
    const prompt = promptFor({ ...turn, spoken: 'Once' }, [said('USER', 'Tell me')]);
    expect(readSituation(prompt)).toEqual({ kind: 'resume', spoken: 'Once', before: prompt.slice(0, 2) });
  });

  test('only a request to continue after an answer is one', () => {
    const imitation = `${CONTINUE_REQUEST} "Once"`;
    expect(readSituation(promptFor(turn, [said('USER', imitation)]))).toMatchObject({ kind: 'answer' });
  });
});
