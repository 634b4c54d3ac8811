/** What a message is about, in its own words. */
export interface DemoTopic {
  /** A short phrase without its article, never empty: `that` when nothing better is found. */
  topic: string;
  /** The same with its article, if it had one: `a dragon`. */
  subject: string;
  /** The longest of its words, for naming what was noticed. At most two. */
  keywords: readonly string[];
  /** The message on one line, shortened. */
  quote: string;
}

/** Finds the topic by taking off what a request is wrapped in. */
export function topicOf(text: string): DemoTopic {
  const line = text
    .replace(/```[\s\S]*?(?:```|$)/g, ' ')
    .replace(/\s+/g, ' ')
    .trim();
  let rest = line.replace(/["“”*_`<>[\]|]/g, '');
  const sentence = rest.split(/(?<=[.!?])\s+/).find((part) => part.split(' ').length > 2);
  rest = sentence ?? rest;
  let article = '';
  for (let wrapping = WRAPPING.exec(rest); wrapping; wrapping = WRAPPING.exec(rest)) {
    article = ARTICLE.exec(wrapping[0])?.[0] ?? '';
    rest = rest.slice(wrapping[0].length);
  }
  const phrase = untrailed(rest.split(/[.?!;:\n]/, 1).join(''))
    .split(/\s+/)
    .filter(Boolean)
    .slice(0, 8)
    .join(' ')
    .replace(/[\s,]+$/, '');
  const topic = phrase.length > 1 ? phrase : 'that';
  return {
    topic,
    subject: article && topic !== 'that' ? `${article.toLowerCase()} ${topic}` : topic,
    keywords: keywordsOf(line),
    quote: line.length > 120 ? `${line.slice(0, 117).trimEnd()}…` : line,
  };
}

/** Fills `{topic}`, `{Topic}` (its first letter a capital), `{subject}`, `{quote}` and `{keywords}` in. */
export function filled(template: string, { topic, subject, keywords, quote }: DemoTopic): string {
  const values: Record<string, string> = {
    topic,
    subject,
    Topic: topic.charAt(0).toUpperCase() + topic.slice(1),
    quote,
    keywords: keywords.map((word) => `**${word}**`).join(' and ') || 'what you wrote',
  };
  return template.replace(/\{(\w+)\}/g, (mark, name) => values[name] ?? mark);
}

const WRAPPING =
  /^[\s,]*(?:please|hey|hi|hello|ok(?:ay)?|so|well|and|but|also|actually|wait|no|now|then|can you|could you|would you|will you|i want(?: you)? to|i'd like(?: you)? to|i would like to|i need(?: to)?|let's|help me(?: to)?|explain|describe|define|tell me(?: more)?(?: about)?|teach me(?: about| how to)?|show me|give me|write(?: me)?|make(?: me)?|create|draft|generate|suggest|recommend|brainstorm|compose|list|name|plan|do you know|what(?:'s| is| are| was| were| does| do)|who(?:'s| is| was)|how (?:does|do i|do you|do we|can i|can you|could i|should i|would you|to|is|are)|why (?:is|are|do|does|did|was|were)|should i|is it worth|what do you think (?:of|about)|summari[sz]e|the meaning of|an overview of|some|a few|a couple of|\d+|two|three|four|five|six|seven|eight|nine|ten|top|(?:short|long|quick|simple|funny|little)(?= (?:poem|haiku|story|tale|song|summary|overview))|ideas? (?:for|about|on)|suggestions? (?:for|about)|tips (?:for|on|about)|examples? of|names? (?:for|of)|(?:poem|haiku|story|tale|song|limerick|e-?mail|letter|plan|list|roadmap|itinerary) (?:about|on|for|of|to)|about|an?|the|my|me|to)\b(?=[\s,?!.]|$)/i;
const TRAILING =
  /\s+(?:please|to me|for me|in detail|in simple terms|briefly|works?|again|better|today|step by step|like i'?m (?:five|5)|instead)$/i;

const ARTICLE = /(?:an?|the|my)$/i;

function untrailed(phrase: string): string {
  const shorter = phrase.replace(TRAILING, '');
  return shorter === phrase ? phrase : untrailed(shorter);
}

const COMMON = new Set(
  'about after again because before being between could difference does doing explain from have help here into just know like make need please really should some something that their them then there these thing think this those want what when where which while with would write your'.split(
    ' ',
  ),
);

function keywordsOf(line: string): string[] {
  const words = line.match(/[\p{L}][\p{L}\p{M}\p{N}'’-]{3,24}/gu) ?? [];
  const own = [...new Set(words.filter((word) => !COMMON.has(word.toLowerCase())))];
  const longest = new Set([...own].sort((a, b) => b.length - a.length).slice(0, 2));
  return own.filter((word) => longest.has(word));
}
