import type { ChatMessage } from '@taskflow/demo-model';
import { GREETINGS, PICK_UPS, RESUMED_ENDINGS, SWITCHES } from './demo-answers.ts';
import { composeReply } from './demo-reply.ts';
import { readSituation } from './demo-situation.ts';
import { SeededRandom } from './seeded-random.ts';

/** The demo model's answer to these messages; the same for the same messages. Never empty, except that nothing is left to resume. */
export function demoAnswer(messages: readonly ChatMessage[]): string {
  const situation = readSituation(messages);
  const random = new SeededRandom(seedOf(messages));
  switch (situation.kind) {
    case 'greeting':
      return random.pick(GREETINGS);
    case 'resume':
      return rest(situation.spoken, situation.before) ?? random.pick(RESUMED_ENDINGS);
    case 'answer': {
      if (GO_ON.test(situation.text)) {
        const taken = takeUp(messages, random);
        if (taken) return taken;
      }
      const reply = composeReply(situation.text, random);
      return situation.interrupted ? `${random.pick(SWITCHES)}\n\n${reply}` : reply;
    }
  }
}

const GO_ON =
  /^\W*(?:please\s+)?(?:continue|go on|carry on|keep going|and then|weiter|continúa|continue s'il te plaît|続けて|जारी रखो)\W*(?:please)?\W*$/iu;

/** Instructions change nothing in what the demo says, so that it can tell what it said under others. */
function seedOf(messages: readonly ChatMessage[]): string {
  const said = messages.filter(isSaid);
  return said.map((message) => `${message.role}:${message.content}`).join('\u0000');
}

function isSaid({ role }: ChatMessage): boolean {
  return role !== 'system' && role !== 'developer';
}

/** What of the whole answer has not been said; null when what was said is not its beginning. */
function rest(spoken: string, before: readonly ChatMessage[]): string | null {
  if (before.length === 0) return null;
  const whole = demoAnswer(before);
  return whole.startsWith(spoken) ? whole.slice(spoken.length) : null;
}

/** "Go on": the rest of the last answer, if it was cut off. */
function takeUp(messages: readonly ChatMessage[], random: SeededRandom): string | null {
  const at = messages.findLastIndex((message) => message.role === 'assistant');
  const cut = messages[at];
  // What the system message tells of an interruption is of this one.
  const left = cut && rest(cut.content, messages.slice(0, at).filter(isSaid));
  return left ? `${random.pick(PICK_UPS)}\n\n…${left.trimStart()}` : null;
}
