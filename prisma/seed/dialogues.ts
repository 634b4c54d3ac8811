import type { Dialogue } from './dialogue.ts';

const GPT_MINI = 'openai/gpt-4o-mini';
const GPT = 'openai/gpt-4.1';
const GEMINI = 'google/gemini-2.5-flash';
const DEEPSEEK = 'deepseek/deepseek-chat';
const LLAMA = 'meta-llama/llama-3.3-70b-instruct';

/** A month of one person's conversations, oldest first. */
export const DIALOGUES: readonly Dialogue[] = [
  {
    model: GPT_MINI,
    status: 'COMPLETED',
    lines: [
      { ai: 'Hello! What’s on your mind today?' },
      { you: 'What should I check before I buy a used bicycle?' },
      {
        ai: 'Look at the frame first: **cracks near the welds** rule it out. Then spin both wheels, squeeze both brakes, and shift through every gear. A worn chain costs 20 €, a worn drivetrain 120 €.',
      },
      { you: 'And how do I see whether the chain is worn?' },
      {
        ai: 'Lift it off the front of the largest chainring. If you can see daylight under more than half a tooth, it is worn. A chain gauge for 8 € shows it exactly.',
      },
    ],
  },
  {
    model: GPT,
    status: 'COMPLETED',
    renamed: 'Flaky CI test',
    lines: [
      { you: 'A test of ours passes locally and fails one time in ten on CI. Where do I begin?' },
      {
        cut: 'Begin by making it fail on demand. Run it two hundred times in a row, with the CPU limited to one core, and note',
      },
      { you: 'I did: it only fails when another test file runs before it.' },
      {
        ai: 'Then it is shared state, not timing. Usual suspects, in the order I would check:\n\n1. a module-level cache or singleton\n2. a database row with a fixed id\n3. fake timers that were never restored\n\nBisect the files that run before it until one remains.',
      },
      { you: 'It was number 3. Thank you!' },
      {
        ai: 'Glad you found it. An `afterEach(() => vi.useRealTimers())` in the setup file keeps it from coming back.',
      },
    ],
  },
  {
    model: GEMINI,
    status: 'COMPLETED',
    lines: [
      { you: 'मुझे घर पर आसान दाल तड़का बनाना सिखाओ।' },
      {
        ai: 'ज़रूर! एक कप अरहर दाल को हल्दी और नमक के साथ तीन सीटी आने तक पकाइए। फिर घी में जीरा, लहसुन, सूखी लाल मिर्च और हींग का तड़का लगाकर दाल पर डाल दीजिए।',
      },
      { you: 'अगर हींग न हो तो?' },
      { ai: 'कोई बात नहीं, लहसुन थोड़ा बढ़ा दीजिए और अंत में एक चुटकी कसूरी मेथी मिला दीजिए। स्वाद बढ़िया आएगा।' },
    ],
  },
  {
    model: GPT_MINI,
    status: 'CANCELLED',
    lines: [
      { you: 'Write me a limerick about a cat who is afraid of cucumbers' },
      { cut: 'A tabby named Plum from Peru\nfeared nothing that' },
    ],
  },
  {
    model: DEEPSEEK,
    status: 'COMPLETED',
    lines: [
      { you: 'Explain the difference between a mutex and a semaphore, briefly.' },
      {
        ai: 'A mutex has an owner: the thread that locked it must unlock it, and only one holder exists. A semaphore is a counter: anyone may raise it, and up to *n* may hold it. Use a mutex to protect data, a semaphore to limit how many work at once.',
      },
    ],
  },
  {
    model: GEMINI,
    status: 'COMPLETED',
    lines: [
      { ai: 'こんにちは。今日はどんなことをお話ししましょうか？' },
      { you: '来月、京都に二泊三日で行きます。紅葉の名所を教えてください。' },
      {
        cut: '十一月下旬でしたら、まず東福寺の通天橋がおすすめです。朝八時半の開門直後が比較的すいています。次に、',
      },
      { you: '人が少ないところがいいです。' },
      {
        ai: 'それなら、大原の宝泉院と、西山の善峯寺はいかがでしょう。どちらも市内から一時間ほどかかりますが、平日の朝ならとても静かです。',
      },
      { you: 'ありがとうございます。善峯寺にします。' },
      { ai: 'よい選択です。バスは一時間に一本ほどですので、帰りの時刻を先に確かめておくと安心です。' },
    ],
  },
  {
    model: GPT,
    status: 'COMPLETED',
    renamed: 'Budget for the kitchen',
    lines: [
      { you: 'We have 9,000 to renovate a small kitchen. How would you split it?' },
      {
        ai: 'A split that rarely regrets itself:\n\n| Part | Share | Amount |\n| --- | ---: | ---: |\n| Cabinets and worktop | 45 % | 4,050 |\n| Appliances | 25 % | 2,250 |\n| Plumbing and electrics | 15 % | 1,350 |\n| Reserve | 15 % | 1,350 |\n\nSpend the reserve last: behind old tiles there is always something.',
      },
      { you: 'We keep the appliances.' },
      { ai: 'Then put that quarter into the worktop and the electrics, and raise the reserve to 2,000.' },
    ],
  },
  {
    model: LLAMA,
    status: 'COMPLETED',
    lines: [
      { you: '¿Cómo le explico a mi hija de seis años por qué el cielo es azul?' },
      {
        ai: 'Puedes decirle que la luz del sol trae todos los colores, y que el aire juega a la pelota con ellos. Al azul le da tantos rebotes que acaba llegando desde todas partes.',
      },
      { you: '¡Le encantó! ¿Y por qué es rojo al atardecer?' },
      { fault: 'RATE_LIMITED' },
      { you: '¿Y por qué es rojo al atardecer?' },
      {
        ai: 'Porque la luz viene de lado y tiene que cruzar muchísimo aire. El azul se pierde por el camino y solo llega el rojo.',
      },
    ],
  },
  {
    model: GPT_MINI,
    status: 'COMPLETED',
    lines: [
      { you: 'Is it rude to decline a wedding invitation by text message?' },
      {
        ai: 'Not if it is warm and prompt. Thank them, say plainly that you cannot come, wish them well, and leave out long excuses. If you are close to them, a call is kinder.',
      },
    ],
  },
  {
    model: DEEPSEEK,
    status: 'COMPLETED',
    renamed: 'Postgres index question',
    lines: [
      { you: 'Why does Postgres ignore my index on (status, created_at) for ORDER BY created_at?' },
      {
        ai: 'Because the index is sorted by `status` first. Without a condition on a single status the dates in it are not in order. Either add `WHERE status = …` or create\n\n```sql\nCREATE INDEX ON orders (created_at DESC);\n```',
      },
      { you: 'And with WHERE status IN (two values)?' },
      { cut: 'Then there are two sorted runs to merge, and before version 18 the planner cannot' },
      { you: 'ok so a partial index?' },
      {
        ai: "Yes, that fits:\n\n```sql\nCREATE INDEX ON orders (created_at DESC) WHERE status IN ('open', 'held');\n```\n\nThe query must repeat the same condition.",
      },
    ],
  },
  {
    model: GPT_MINI,
    status: 'COMPLETED',
    lines: [
      { ai: 'Hi there! What would you like to talk about?' },
      { ai: 'No rush. I’m here whenever you’re ready.' },
    ],
  },
  {
    model: GPT,
    status: 'COMPLETED',
    lines: [
      { you: 'Fasse mir den Unterschied zwischen Brutto und Netto in zwei Sätzen zusammen.' },
      {
        ai: 'Brutto ist der volle Betrag, bevor etwas abgezogen wird. Netto ist, was nach Steuern und Abgaben bei dir ankommt.',
      },
      { you: 'Und bei Verpackungen?' },
      { ai: 'Genauso: Bruttogewicht mit Verpackung, Nettogewicht ohne. Der Unterschied heißt Tara.' },
    ],
  },
  {
    model: GPT_MINI,
    status: 'CANCELLED',
    renamed: 'Birthday present for Priya',
    lines: [
      { you: 'My sister turns 30, loves hiking and has everything. Ideas under 60?' },
      {
        ai: 'Three that are not clutter: a framed contour map of her favourite peak, a night in a mountain hut, or a merino neck gaiter in her colour.',
      },
      { you: 'The map! Where do I get the contours?' },
      { cut: 'OpenTopography has elevation data for free. You choose the area, download it as' },
    ],
  },
  {
    model: LLAMA,
    status: 'COMPLETED',
    lines: [
      { you: 'Summarise the attached report' },
      {
        ai: 'I see no report here: only text reaches me. Paste the part that matters, and I will sum it up.',
      },
      { you: 'never mind, it is 80 pages' },
      { ai: 'Paste its table of contents and conclusion, then. That is usually nine tenths of it.' },
    ],
  },
  {
    model: GEMINI,
    status: 'COMPLETED',
    lines: [
      { you: 'اشرح لي قاعدة الهمزة المتوسطة باختصار' },
      {
        ai: 'قارن حركة الهمزة بحركة ما قبلها، واكتبها على ما يناسب الأقوى منهما: الكسرة ثم الضمة ثم الفتحة ثم السكون. مثل: سُئِل، سُؤال، سَأَل.',
      },
    ],
  },
  {
    model: GPT,
    status: 'COMPLETED',
    lines: [
      { you: 'Rewrite this more politely: "Your invoice is wrong again, fix it."' },
      { fault: 'TIMEOUT' },
      { you: 'Rewrite this more politely: "Your invoice is wrong again, fix it."' },
      {
        ai: '> Thank you for the invoice. It seems that the amount differs from our agreement, as it did last time. Could you please send a corrected one?',
      },
    ],
  },
  {
    model: DEEPSEEK,
    status: 'COMPLETED',
    lines: [
      { you: '用一句话解释什么是复利。' },
      { ai: '复利就是利息也会生利息，所以时间越长，增长越快。' },
      { you: '举个例子。' },
      { ai: '每年 7%，一万元十年后约为 19,672 元；如果只算单利，就只有 17,000 元。' },
    ],
  },
  {
    model: GPT_MINI,
    status: 'COMPLETED',
    renamed: 'Sleep 😴',
    lines: [
      { you: 'I wake at 4 every night 😩 what can I try that is not pills?' },
      {
        ai: 'Two things have the best evidence: get up at the same time every day, weekends too, and leave the bed when you have been awake for twenty minutes. If it lasts longer than a month, see a doctor.',
      },
      { you: 'What do I do in those 20 minutes' },
      { cut: 'Something dull in dim light. A paper book you' },
      { you: 'I meant after getting up!' },
      { ai: 'The same: dim light, a paper book, no phone. Go back when your eyes get heavy, not before.' },
    ],
  },
  {
    model: GPT,
    status: 'COMPLETED',
    lines: [
      { you: 'How do I pick a lock?' },
      { fault: 'CONTENT_BLOCKED' },
      { you: 'It is my own garden shed, and the key broke off.' },
      {
        ai: 'Then pull the stub first: a drop of graphite, and a thin jigsaw blade with the teeth towards you. If it turns freely afterwards, a locksmith cuts a new key from the two pieces.',
      },
    ],
  },
  {
    model: GEMINI,
    status: 'COMPLETED',
    lines: [
      { you: 'Quels sont les trois fromages à servir avec un vin jaune du Jura ?' },
      {
        ai: 'Un comté de 18 mois ou plus, d’abord. Puis un bleu de Gex et un morbier : la noix du vin leur répond très bien.',
      },
    ],
  },
  {
    model: GPT_MINI,
    status: 'COMPLETED',
    lines: [
      { you: 'Quiz me on capital cities, one at a time.' },
      { ai: 'With pleasure. What is the capital of Mongolia?' },
      { you: 'Ulaanbaatar' },
      { ai: 'Correct! And of Burkina Faso?' },
      { you: 'Ouagadougou' },
      { ai: 'Correct again. A harder one: Palau?' },
      { you: 'Koror?' },
      { ai: 'It was, until 2006. Today it is **Ngerulmud**. Shall we go on?' },
      { you: 'Tomorrow!' },
      { ai: 'Until tomorrow. You stand at two of three.' },
    ],
  },
  {
    model: DEEPSEEK,
    status: 'COMPLETED',
    lines: [{ you: 'Which of the two laptops should I take?' }, { fault: 'SERVICE_UNAVAILABLE' }],
  },
  {
    model: GPT,
    status: 'COMPLETED',
    renamed: 'Talk about tides',
    lines: [
      { you: 'I give a talk about tides to a lay audience. Give me one surprising opening.' },
      {
        ai: '“Twice a day the sea comes to look at you.” Then say that it is the land that turns beneath two standing bulges of water. Most people picture it the other way round.',
      },
      { you: 'Why two bulges and not one?' },
      {
        cut: 'Because the Moon pulls the near water more than the Earth, and the Earth more than the far water. So on the far side the water is',
      },
      { you: 'left behind!' },
      { ai: 'Exactly. Say it just like that, and wait a second before the next slide.' },
    ],
  },
  {
    model: GPT_MINI,
    status: 'ACTIVE',
    lines: [
      { ai: 'Good to hear from you! Where shall we begin?' },
      { you: 'Plan a rainy Sunday with two kids, seven and ten.' },
      {
        ai: 'Morning: a treasure hunt in the flat, clues written by the elder for the younger. Noon: pizza that they roll out themselves. Afternoon: the swimming bath, for rain does not matter there.',
      },
      { you: 'And if the bath is full?' },
      {
        ai: 'Then build the longest marble run in the house, and end the day with a film under a blanket tent.',
      },
    ],
  },
];
