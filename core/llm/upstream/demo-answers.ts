/**
 * What the demo model says, by intent. `{topic}`, `{Topic}`, `{quote}` and `{keywords}` are filled in from the message.
 * It knows no facts, so these answer with ways to think about a topic rather than with claims about it.
 */

type Variants = readonly [string, ...string[]];

export const GREETINGS: Variants = [
  "Hi there, good to have you here! I'm TaskFlow's **built-in demo**, so I improvise rather than know things; with `OPENROUTER_API_KEY=… npm start` a real model takes my place. What's on your mind?",
  "Hello! Before anything else: I'm a **demo model**, here so that you can try TaskFlow without a key (`OPENROUTER_API_KEY=… npm start` brings in a real one). Ask me something, and do cut in while I'm talking. What shall we start with?",
  "Welcome! You're talking to the **demo** that ships with TaskFlow: all charm, no knowledge. Start it with `OPENROUTER_API_KEY=… npm start` for a real model. Meanwhile, what would you like to talk about?",
];

export const SWITCHES: Variants = [
  'Sure — let me switch to that.',
  'Of course, let me leave that there.',
  "Good that you cut in. Let's take this first.",
  'Right, I hear you. On to that, then.',
];

export const PICK_UPS: Variants = [
  'Gladly. Where was I:',
  'Sure, picking it up where I stopped:',
  'Of course. To go on:',
];

export const RESUMED_ENDINGS: Variants = [
  ' … and that is the heart of it. Ask me about any part, and I will go further into it.',
  ' … which brings it to a close. Tell me which part you would like more of.',
];

export const CLOSINGS: Variants = [
  "*(That was TaskFlow's built-in demo improvising; `OPENROUTER_API_KEY=… npm start` gets you a real model.)*",
  '*(A demo model speaking, so check nothing by it. For the real thing: `OPENROUTER_API_KEY=… npm start`.)*',
  '*(From the built-in demo: structure yes, knowledge no. A key changes that: `OPENROUTER_API_KEY=… npm start`.)*',
];

export const SHORT_CLOSINGS: Variants = [
  '*(Built-in demo; a real model: `OPENROUTER_API_KEY=… npm start`.)*',
  '*(The demo speaking; set a key for more: `OPENROUTER_API_KEY=… npm start`.)*',
];

export const ANSWERS: Record<string, Variants> & { statement: Variants } = {
  greeting: [
    "Hello! I'm here and listening. Ask me to **explain** something, to **compare** two things, to do a **sum** like `2+3*4`, or to write a bit of **code**. And if I go on too long, just start talking: I'll stop at once.\n\nWhat shall it be?",
    'Hi! Nice to meet you. A few things that are fun to try with me:\n\n- ask for a *list of five ideas* about anything\n- ask *how to* do something\n- write to me in Spanish, German, French, Hindi or Japanese\n- interrupt me mid-sentence\n\nWhere would you like to begin?',
    "Hey there! I'm doing fine, thank you: awake since you opened this page, and fluent in Markdown. What are you working on today? Give me a topic, a question or a list to make, and I'll do my best with it.",
  ],
  ack: [
    "Good. Shall we go on, or start on something new? You choose: I'm in no hurry.",
    'Alright! Say the word if you want more of the same, or throw something quite different at me.',
  ],
  thanks: [
    "You're very welcome! If something comes up later, just write: the conversation stays here, and so does everything we said.",
    'Glad that helped! Is there anything else you would like to look at while we are here?',
    "Any time. It's easier to be useful when the questions are good, and yours are.",
  ],
  goodbye: [
    'Goodbye, and thank you for the talk! Your conversation is kept, so you can come back to it whenever you like.',
    'Take care! It was nice talking with you. Everything we said will be here when you return.',
  ],
  identity: [
    "I'm the **demo model** built into TaskFlow. I stand in when no API key is set, so that everything around me can be tried: live tokens, human pacing, interruptions, resuming on another device.\n\nI don't know facts. I look at the shape of what you write, and improvise an answer to it. To talk with a real model, stop me and start again with a key:\n\n```bash\nOPENROUTER_API_KEY=… npm start\n```\n\nThen pick one in the model menu.",
    "A fair question! I'm **not a language model**: I'm a small demo program that ships with TaskFlow and speaks the same protocol as one. What I can do:\n\n| Ask me for | You get |\n| --- | --- |\n| a sum | the right result, with steps |\n| code | a small snippet that works |\n| a list, a plan, a comparison | a usable skeleton |\n| facts | an honest shrug |\n\nFor facts, set a key and start again: `OPENROUTER_API_KEY=… npm start`.",
  ],
  test: [
    'Loud and clear! Your message went through the queue and back, and these words come to you one by one over the live feed.\n\nTry reloading the page while I speak, or opening this conversation in a second window: you should miss nothing and hear nothing twice.',
    "I'm here. Everything seems to work: your words arrived, and mine are on their way. To really test the line, ask me to *count to 50* and then interrupt me.",
  ],
  clock: [
    "I can't look that up: I have no clock, no window and no network, only your words. A real model would have to be told as well, or be given a tool for it.\n\nWhat I can offer is help with what you want to *do* with the answer. Tell me more?",
  ],
  joke: [
    'Why did the token miss its stop?\n\nBecause somebody **interrupted** it.',
    'A subscription walks into a bar. The barkeeper asks: "What will it be?"\n\n"Everything," it says, "in order, and each exactly once."',
    'There are two hard things in distributed systems:\n\n2. exactly-once delivery\n1. guaranteed order\n2. exactly-once delivery',
  ],
  poem: [
    "## {Topic}\n\nI was asked for a verse about {subject} tonight,\nand I reached for a word, and it came out just right;\nthen another came after, one beat at a time,\nlike a drip from a tap that has learned how to rhyme.\n\nIf you stop me mid-line, I will not be upset:\nwhat you heard is all kept, and there's more to come yet.\nFor a poem is never quite finished, they say —\nit is only, like {topic}, *left open* some day.",
  ],
  haiku: [
    '## Two haiku on {topic}\n\n> Quiet at the edge,\n> {topic} waits for a name —\n> one word, then the rest.\n\nAnd a second one, a little warmer:\n\n> Morning, and the light\n> finds {topic} on the table,\n> steaming like the tea.\n\nSay which of the two is nearer to what you had in mind, and I will go on in that direction: longer, funnier, or with a rhyme.',
  ],
  story: [
    '## The keeper of {subject}\n\nThere was once a small town at the end of a long railway line, and in it lived a woman who knew everything about **{topic}**. People came from far away to ask her. She never answered at once. She made tea first, and let the silence do half of the work.\n\nOne evening a boy burst in while she was in the middle of a sentence. "Wait," he said, "that\'s not what I came for!" Everyone held their breath. But the woman only smiled, set down her cup and said:\n\n> "Then ask me the thing you *did* come for. I\'ll remember where we were."\n\nHe thought about it for a long time. What he had come for, it turned out, was not {subject} at all; it was somebody who would stop and listen when he spoke. He stayed until the last train, and then he missed it on purpose.\n\nYears later there was a new keeper in the town at the end of the line. He, too, made tea first. And when somebody interrupted him, which happened every day, he was delighted every time.\n\n*The end, unless you want another chapter.*',
    '**Chapter one.** One morning {subject} went missing, and nobody noticed. The baker opened his shop. The clock struck eight, then, after thinking it over, nine.\n\nIt was Ida who saw it first. She was eleven and kept a notebook of things that weren\'t there. Under *Tuesday* she wrote, in careful letters: **{topic}**. Then she put on her yellow coat and went to look for it.\n\nShe asked the ferryman, who shrugged. She asked the pigeons, who knew but wouldn\'t say. At last she asked the lighthouse, because it had the best view.\n\n"Things don\'t go missing," said the lighthouse, turning slowly. "They go where somebody pays attention to them."\n\nIda looked down at her notebook. She read the line again, aloud this time, and paid it all the attention she had.\n\nBehind her, very quietly, something came back.\n\n**Chapter two** is yours to choose: does she tell anyone?',
  ],
  letter: [
    "Here's a draft to work from:\n\n---\n\n**Subject:** {Topic}\n\nDear [name],\n\nI'm writing about {subject}. To put the main thing first: [one sentence that says what you would like].\n\nThe background, in short: [two sentences, only what they need to know]. I have thought about it and believe that [your reason] makes this worth doing now rather than later.\n\nWould [a day] suit you for a short talk? If it's easier, a line in reply is just as good.\n\nWith kind regards,\n[you]\n\n---\n\nTwo things make such a letter work: the request stands in the *first* paragraph, and it asks for **one** thing. Tell me who it goes to and how well you know them, and I'll change its tone.",
  ],
  plan: [
    "## {Topic}: a plan\n\n| When | What | Done when |\n| --- | --- | --- |\n| First day | Write down what a good end looks like | it fits in two sentences |\n| First week | Do the smallest piece of it, all the way through | somebody else has seen it |\n| Second week | Fix what that taught you | the list of surprises is empty |\n| After that | Grow it, one piece at a time | you'd show it to a stranger |\n\nThree things keep a plan like this honest:\n\n1. **One next step**, always, that takes less than an hour.\n2. **A date to stop and look**, before you need it.\n3. **Something you will not do.** Write it down; it is the hardest to remember.\n\nHow much time do you have for it each week? With that I can put dates in.",
  ],
  feeling: [
    "I'm sorry, that sounds heavy, and it makes sense that you'd say so. You don't have to fix it in this minute.\n\nThree small things that tend to help, none of them clever:\n\n- **Name it.** You just did, and that already takes some of its weight.\n- **Make it smaller.** Not the whole week: just the next half hour. What would be kind to you in it?\n- **Tell a person.** I'm only a program, and a friend's voice does what I can't.\n\nWould you like to tell me what's behind it, or would you rather be distracted for a while? Either is fine.",
  ],
  how: [
    "Here's a workable way to **{topic}**, from nothing to done:\n\n1. **Decide what \"done\" looks like.** One sentence, with something in it that can be seen or measured.\n2. **Gather only what the first step needs.** Everything else can wait, and half of it will turn out not to be needed.\n3. **Do a small, ugly version.** It shows in an hour what planning hides for a week.\n4. **Look at it with fresh eyes.** What surprised you? That's where the real work is.\n5. **Do it again, properly**, now that you know which parts matter.\n\n> The usual mistake is to begin with the part that's most fun instead of the part that's most uncertain.\n\nWhich of these steps is the one that's holding you up? I can go into it.",
    "Good question. To {topic} you need less than most people think: a clear aim, one tool that you already know, and a way to tell whether it works.\n\n### Before you start\n- Set aside a quiet hour.\n- Find **one** good example, and note what exactly makes it good.\n\n### While you're at it\n1. Begin with the riskiest bit.\n2. Change one thing at a time, and look.\n3. Write down what you tried; you'll want it tomorrow.\n\n### When it's nearly right\nStop, and show it to somebody. They'll ask about something that you'd stopped seeing.\n\nTell me where you are with it now, and I'll make the list shorter.",
  ],
  why: [
    "> {quote}\n\nThere are usually three answers to a *why*, and it helps to know which of them you're after:\n\n- **The mechanism:** what pushes what, step by step, until the thing happens.\n- **The history:** what came before, and which door it closed.\n- **The purpose:** what it's good for, and who would miss it.\n\nFor {keywords} I'd start with the mechanism, since the other two can be argued about and this one can be tested: change one cause, keep the rest, and see whether the effect goes away. If it does, you've found a reason. If it doesn't, you've lost a favourite theory, which is nearly as good.\n\nWhich of the three did you mean?",
    "The honest short answer: **because several things come together**, and people tend to remember just one of them.\n\nTo take \"{quote}\" apart, I'd ask:\n\n1. What would have to be different for it *not* to be so?\n2. Has it always been so, or did it start at some point?\n3. Who has looked into it, and what did they measure?\n\nThe first question is the strongest. An explanation that couldn't be wrong doesn't explain much; one that tells you what *can't* happen is worth having.",
  ],
  choice: [
    "Let me be useful rather than certain here. On **{subject}**, I'd put it like this:\n\n| In favour | Against |\n| --- | --- |\n| You're thinking of it anyway, which means something | It costs time that has other uses |\n| You'd learn quickly whether it fits | The first weeks are rarely fun |\n| It can be undone, if it's done small | People will have opinions |\n\nA rule that often works: **if it can be undone, decide fast; if it can't, sleep on it twice.**\n\nSo, which is it here? And if you had to decide by tonight, which way would you lean? That lean is information too.",
    "It depends, but not on everything. On **{subject}** I'd let two questions decide:\n\n1. **What does it cost to be wrong?** If little: try it this week.\n2. **What would you regret in a year?** People mostly regret the things they left undone, as long as those were small enough to survive.\n\n> A decision is good when it was right *given what you knew*; the rest is luck.\n\nTell me your two strongest reasons, one on each side, and I'll argue against both.",
  ],
  explain: [
    "## {Topic}\n\nLet me take it in three layers, so that you can stop at the one that's deep enough.\n\n1. **In one sentence.** Say what {topic} *does*, as you would to a friend on a noisy train. What it is made of can wait.\n2. **How it works.** Something goes in, something changes, something comes out. Name those three for {topic} and most of the fog is gone.\n3. **Where it ends.** Every idea has an edge where it stops being true or useful. People who really understand {topic} can tell you where that is.\n\n> If you can predict what happens when one thing is changed, you've understood it; if you can only repeat it, not yet.\n\nWhich layer would you like to go into?",
    "Gladly. **{Topic}** is easier to grasp with a picture than with a definition.\n\nThink of a kitchen. There are *ingredients* (what it needs), a *recipe* (the rules it follows) and a *meal* (what people actually see). Nearly every confusion about {topic} comes from mixing up two of these:\n\n- taking the recipe for the meal: knowing the rules, but not what they are for;\n- taking the ingredients for the recipe: having all the parts, and no order in them.\n\nSo when somebody tells you something about {topic}, ask which of the three they're talking about. It's a small question, and it settles a surprising number of arguments.\n\nShall I go on with the ingredients, the recipe or the meal?",
    "Here's how I'd introduce **{topic}** to someone new to it:\n\n### What it is\nA name for a pattern that people kept running into, until it was worth a word.\n\n### Why anyone cares\n- It makes something *possible* that was hard before.\n- It makes something *visible* that was hidden.\n- And it costs something, which is mentioned less often.\n\n### How to get a feel for it\nFind the smallest real example you can touch. Change one part of it. What happens next will teach you more about {topic} than the next three articles.\n\nDo you want an example, or a comparison with something you know already?",
  ],
  question: [
    "> {quote}\n\nLet me think aloud. What strikes me first is {keywords}: that's where the answer will turn.\n\n- If you're asking **out of curiosity**, start with one concrete case and ask what's typical about it, and what isn't.\n- If you have to **decide** something, ask instead what you'd do differently depending on the answer. Sometimes that's nothing, and the question can rest.\n\nTell me which of the two it is, and a little about the background, and I'll be more specific.",
    "That's a good one, and it has more than one answer. Taking \"{quote}\" at its word, I'd say:\n\n1. **The quick answer** is the one you already suspect; people seldom ask without a hunch.\n2. **The better answer** depends on {keywords}, and on what has been tried so far.\n3. **The best answer** can be checked. What would you look at to know that it's right?\n\nWhat's your hunch?",
  ],
  statement: [
    "I see. What stands out to me is {keywords}.\n\nLet me play it back, to be sure that I've understood: *{quote}*\n\nTwo directions that we could take from here:\n\n- **Closer:** you tell me one concrete moment or example, and we look at it together.\n- **Wider:** we ask what this is a case of, and whether you've met it before in other clothes.\n\nWhich one is more useful to you right now?",
    "Thanks for telling me. Going by {keywords}, I'd guess there's a question behind it, so let me offer three, and you pick:\n\n1. *What should happen next?* Then we make a short list.\n2. *Why is it like this?* Then we look for causes, the boring ones first.\n3. *Am I seeing it right?* Then I'll argue the other side for a moment, in a friendly way.\n\nOr it's none of these, and you just wanted it said. That's fine too.",
    "Got it: **{topic}**. Noted, and I'll keep it in mind while we talk.\n\nIf you'd like to go on from there, here is what I can do with it right away:\n\n- turn it into a **list** of next steps,\n- **explain** a part of it in plain words,\n- **compare** it with something else,\n- or write a **story** about it, in which it ends well.\n\nSay the word.",
  ],
};
