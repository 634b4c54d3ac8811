export const GREETING =
  "Hello! I'm TaskFlow's **demo model**, a script and not a language model. Ask me for help to hear what I have, and cut in while I speak.";

const SET_A_KEY = `For a real model, start TaskFlow with a key:

\`\`\`bash
OPENROUTER_API_KEY=… npm start
\`\`\``;

export const HELP = `I'm TaskFlow's **demo model**: a script that speaks the way a language model does, so that you can try TaskFlow without a key. I have prepared answers to these:

- **Count to 100**, or as far as 1,000
- **Show me code** in JavaScript, Python or SQL, such as FizzBuzz, Fibonacci or reversing a string
- **Make a table**
- **List ten things to try**

Write while I am speaking: I stop at once and answer what you wrote.

${SET_A_KEY}`;

export const FALLBACK = `I have no answer to that: I'm TaskFlow's **demo model**, a script with a few prepared answers and no knowledge. Ask me for **help** to see them.

${SET_A_KEY}`;

export const TABLE = `The table I have prepared: what you hear of a conversation, as events of one subscription.

| Event | When it comes | What it has |
| --- | --- | --- |
| \`MessageAdded\` | a message is stored | the message |
| \`TurnStarted\` | an answer begins | the turn's id, its cause, the model |
| \`TurnThinking\` | a model thinks before it speaks | the seconds since it began |
| \`TurnTextAdded\` | the next words are spoken | the text and where it belongs |
| \`TurnCompleted\` | the answer is whole | the message as stored |
| \`TurnInterrupted\` | somebody cut in | what was spoken until then |
| \`TurnFailed\` | the model gave no whole answer | why, and whether to try again |

A turn ends with exactly one of the last three.`;

export const THINGS_TO_TRY = [
  '**Cut in.** Write while I am speaking: I stop at once, and what you heard of my answer is kept.',
  '**Reload the page** in the middle of an answer. It goes on, and no word is missing or there twice.',
  '**Open the conversation in a second window.** Both show the same words at the same time.',
  '**Go offline for a moment.** Back online, you get what was said meanwhile.',
  '**Say nothing** for a while: you are asked whether you are still there.',
  '**Press Esc** while I am speaking: I stop, and nobody has to say anything else.',
  '**Open `/graphql`** in the browser: three tabs create a conversation, send a message and listen.',
  '**Run `examples/conversation.mjs`** to hear an answer in a terminal.',
  '**Look at the usage page**, which counts calls and tokens; it counts mine, too.',
  '**Start TaskFlow with a key**, such as `OPENROUTER_API_KEY=… npm start`, and talk to a real model.',
];
