/** A language that the demo model can hold a short conversation in. */
export interface Language {
  /** Asks for an answer in this language, whatever it is written in. */
  askedFor: RegExp;
  /** Letters that only this language (of those here) is written with. */
  script?: RegExp;
  /** Letters and marks that point to it. */
  marks?: RegExp;
  /** Frequent words that point to it; none of them English. */
  words: ReadonlySet<string>;
  greeting: RegExp;
  thanks: RegExp;
  greetings: readonly [string, ...string[]];
  welcomes: readonly [string, ...string[]];
  /** `{quote}` is what was written. */
  answers: readonly [string, ...string[]];
  closing: string;
}

const words = (list: string): ReadonlySet<string> => new Set(list.split(' '));

export const LANGUAGES: readonly Language[] = [
  {
    askedFor: /\b(?:in hindi|hindi (?:me|mein))\b|हिन्दी में|हिंदी में/i,
    script: /\p{Script=Devanagari}/u,
    words: words('kya kaise namaste aap mujhe nahi hai hain mein dhanyavad shukriya'),
    greeting: /^\W*(?:नमस्ते|नमस्कार|हैलो|namaste)/iu,
    thanks: /धन्यवाद|शुक्रिया|dhanyavad|shukriya/i,
    greetings: [
      'नमस्ते! आपसे मिलकर अच्छा लगा। आज आप किस बारे में बात करना चाहेंगे? मैं बोलते हुए कभी भी रुक सकता हूँ, बस लिखना शुरू कर दीजिए।',
    ],
    welcomes: ['आपका स्वागत है! अगर कुछ और पूछना हो, तो ज़रूर पूछिए।'],
    answers: [
      'आपने लिखा: **{quote}**\n\nयह अच्छा विषय है। चलिए इसे तीन हिस्सों में देखते हैं:\n\n1. **पहले लक्ष्य**: एक वाक्य में बताइए कि आप क्या चाहते हैं।\n2. **फिर पहला कदम**: सबसे छोटा काम, जो आज ही हो सके।\n3. **अंत में जाँच**: कैसे पता चलेगा कि काम बन गया?\n\nआप इनमें से किससे शुरू करना चाहेंगे?',
      '“{quote}” के बारे में मैं यह पूछूँगा: इसमें आपके लिए सबसे ज़रूरी बात क्या है? जब वह साफ़ हो जाए, तो बाकी अक्सर आसान हो जाता है। एक छोटा उदाहरण बताइए, फिर हम उस पर साथ में सोचते हैं।',
    ],
    closing: '*(यह TaskFlow का डेमो है; असली मॉडल के लिए: `OPENROUTER_API_KEY=… npm start`।)*',
  },
  {
    askedFor: /\bin japanese\b|日本語で/i,
    script: /[\p{Script=Hiragana}\p{Script=Katakana}]/u,
    words: words('konnichiwa arigatou desu'),
    greeting: /^\W*(?:こんにちは|こんばんは|おはよう|やあ|はじめまして|konnichiwa)/iu,
    thanks: /ありがとう|感謝|arigatou/i,
    greetings: [
      'こんにちは！お会いできてうれしいです。今日は何についてお話ししましょうか。話の途中でも、いつでも割り込んでくださいね。',
    ],
    welcomes: ['どういたしまして！ほかにも気になることがあれば、いつでもどうぞ。'],
    answers: [
      '「{quote}」についてですね。いい質問です。三つに分けて考えてみましょう。\n\n1. **目的**：何ができたら成功と言えますか。\n2. **最初の一歩**：今日できる、いちばん小さなことは何でしょう。\n3. **確認**：うまくいったことを、どうやって確かめますか。\n\nどこから始めましょうか。',
      '「{quote}」と聞いて、まず具体的な例を一つ知りたくなりました。例があると、話がぐっと分かりやすくなります。よろしければ、もう少し教えてください。',
    ],
    closing: '*（TaskFlow の内蔵デモです。本物のモデルは `OPENROUTER_API_KEY=… npm start` で使えます。）*',
  },
  {
    askedFor: /\bin spanish\b|\ben español\b/i,
    marks: /[¿¡ñ]/,
    words: words(
      'hola qué que cómo como está estás gracias por favor para una los las el del es puedes puedo quiero dime explica necesito tengo sobre muy buenos buenas días',
    ),
    greeting: /^\W*(?:hola|buenos días|buenas (?:tardes|noches)|qué tal)\b/iu,
    thanks: /\bgracias\b/i,
    greetings: [
      '¡Hola! Encantado de hablar contigo. ¿De qué te gustaría charlar hoy? Puedes interrumpirme cuando quieras: me callo enseguida.',
    ],
    welcomes: ['¡De nada! Si se te ocurre algo más, aquí estoy.'],
    answers: [
      'Me preguntas: **{quote}**\n\nVamos por partes:\n\n1. **El objetivo.** ¿Qué tendría que pasar para que dijeras «ya está»?\n2. **El primer paso.** Algo pequeño, que puedas hacer hoy mismo.\n3. **La prueba.** ¿Cómo sabrás que ha funcionado?\n\nSi me cuentas un poco más, podemos empezar por la parte que más te cuesta.',
      'Buena pregunta. Sobre «{quote}» empezaría con **un ejemplo concreto**, porque de un ejemplo se aprende más que de una definición.\n\n- ¿Qué has probado ya?\n- ¿Qué te sorprendió?\n\nCon esas dos respuestas seguimos.',
    ],
    closing:
      '*(Habla la demo de TaskFlow; con `OPENROUTER_API_KEY=… npm start` tendrás un modelo de verdad.)*',
  },
  {
    askedFor: /\bin german\b|\bauf deutsch\b/i,
    marks: /[äöüß]/i,
    words: words(
      'hallo guten wie ist sind ich du sie der das und nicht ein eine einen mir mich dir bitte danke kannst können erkläre warum wo geht für mit auf über morgen moin heute',
    ),
    greeting: /^\W*(?:hallo|guten (?:tag|morgen|abend)|moin|servus)\b|^\W*grüß/iu,
    thanks: /\b(?:danke|vielen dank)\b/i,
    greetings: [
      'Hallo! Schön, dass du da bist. Worüber wollen wir reden? Du darfst mir jederzeit ins Wort fallen, ich höre dann sofort auf.',
    ],
    welcomes: ['Gern geschehen! Wenn dir noch etwas einfällt, schreib einfach.'],
    answers: [
      'Du fragst: **{quote}**\n\nGehen wir es der Reihe nach an:\n\n1. **Das Ziel.** Woran würdest du merken, dass es gelungen ist?\n2. **Der erste Schritt.** Etwas Kleines, das heute noch geht.\n3. **Die Probe.** Was müsste passieren, damit du deine Meinung änderst?\n\nWomit sollen wir anfangen?',
      'Gute Frage. Bei „{quote}“ würde ich mit **einem konkreten Beispiel** beginnen; daran sieht man meist schneller, worauf es ankommt, als an jeder Definition.\n\n- Was hast du schon versucht?\n- Was hat dich dabei überrascht?\n\nErzähl mir das, dann machen wir weiter.',
    ],
    closing:
      '*(Hier spricht die eingebaute Demo; ein echtes Modell gibt es mit `OPENROUTER_API_KEY=… npm start`.)*',
  },
  {
    askedFor: /\bin french\b|\ben français\b/i,
    marks: /[çœêèà]/i,
    words: words(
      "bonjour salut bonsoir merci comment est je tu vous le les des une pour avec pourquoi quoi quel quelle s'il plaît peux pouvez c'est qu'est-ce expliquez explique moi sur dans ça va",
    ),
    greeting: /^\W*(?:bonjour|salut|bonsoir|coucou)\b/iu,
    thanks: /\bmerci\b/i,
    greetings: [
      "Bonjour ! Ravi de vous parler. De quoi aimeriez-vous discuter aujourd'hui ? Vous pouvez m'interrompre à tout moment : je m'arrête aussitôt.",
    ],
    welcomes: ["Avec plaisir ! Si autre chose vous vient à l'esprit, je suis là."],
    answers: [
      "Vous demandez : **{quote}**\n\nPrenons les choses dans l'ordre :\n\n1. **Le but.** À quoi verriez-vous que c'est réussi ?\n2. **Le premier pas.** Quelque chose de petit, faisable aujourd'hui.\n3. **La preuve.** Comment saurez-vous que cela marche ?\n\nPar quoi voulez-vous commencer ?",
      "Bonne question. Pour « {quote} », je partirais d'**un exemple concret** : on y apprend souvent plus que dans une définition.\n\n- Qu'avez-vous déjà essayé ?\n- Qu'est-ce qui vous a surpris ?\n\nAvec ces deux réponses, nous pourrons continuer.",
    ],
    closing:
      "*(C'est la démo de TaskFlow qui parle ; pour un vrai modèle : `OPENROUTER_API_KEY=… npm start`.)*",
  },
];
