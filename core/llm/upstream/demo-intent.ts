/** What a message seems to want, told by its words; the first rule that matches decides. */
export function intentOf(text: string): string {
  const words = text.trim();
  return RULES.find(([, rule]) => rule.test(words))?.[0] ?? (/\?\s*$/.test(words) ? 'question' : 'statement');
}

const RULES: readonly (readonly [string, RegExp])[] = [
  ['review', /```/],
  [
    'test',
    /^\W*(?:test(?:ing)?|ping|hello\?+|are you there|is this (?:thing )?on|can you hear me)\b[\w\s,]{0,16}\W*$/i,
  ],
  [
    'greeting',
    /^\W*(?:hi|hello|hey|hiya|yo|howdy|greetings|good (?:morning|afternoon|evening|day))\b[\w\s,']{0,24}\W*$|^\W*(?:how are you|how's it going|what's up)\b.{0,24}$/i,
  ],
  [
    'ack',
    /^\W*(?:ok(?:ay)?|yes|yeah|yep|no|nope|sure|great|cool|nice|right|i see|got it|fine|wow|hm+|lol|haha)?[\s\p{P}\p{S}\p{M}\u200D]*$/iu,
  ],
  ['thanks', /\b(?:thanks|thank you|thx|cheers|much appreciated)\b(?!.*\?)/i],
  ['goodbye', /^\W*(?:bye|goodbye|good night|see you|see ya|that's all|talk (?:to you )?later)\b.{0,30}$/i],
  [
    'identity',
    /\b(?:who|what) are you\b|\bwhat(?:'s| is) your name\b|\b(?:what|which) (?:ai |language )?model\b|\bare you (?:an? )?(?:real|human|ai|bot|chatgpt|gpt)\b|\bwhat can you do\b|\bis this a demo\b|\bapi key\b/i,
  ],
  [
    'clock',
    /\bwhat(?:'s| is) (?:the )?(?:time|date)\b|\bwhat (?:time|day) is it\b|\b(?:weather|news|stock price)\b/i,
  ],
  ['count', /\bcount (?:up )?(?:from .{1,12})?to \d+/i],
  ['joke', /\b(?:joke|something funny|make me laugh|pun)\b/i],
  ['haiku', /\bhaiku\b/i],
  ['poem', /\b(?:poem|limerick|verse|song|lyrics)\b/i],
  ['story', /\b(?:story|tale|once upon|novel|fairy tale)\b/i],
  [
    'letter',
    /\b(?:e-?mail|letter|cover letter|message to|reply to|invitation)\b.*\b(?:to|for|about|my)\b|\b(?:draft|write)\b.*\b(?:e-?mail|letter)\b/i,
  ],
  ['summary', /\b(?:summari[sz]e|summary|tl;?dr|key points|in short)\b/i],
  [
    'code',
    /\b(?:code|function (?:that|to|for|which|in)|script|snippet|regex|algorithm|unit test|debounce|fizz ?buzz)\b|\b(?:write|show|make|build|implement|create|generate|need|give|example|query)\b.*\b(?:function|program|component|query|endpoint|class|python|javascript|typescript|java|rust|go|golang|sql|bash|html|css)\b/i,
  ],
  [
    'compare',
    /\b(?:vs\.?|versus)\b|\bdifferences? between\b|\bcompare\b|\bor\b.+\bbetter\b|\bbetter\b.+\bor\b/i,
  ],
  [
    'list',
    /\b(?:list|ideas|suggestions?|recommend(?:ations)?|brainstorm|examples|tips|names? for)\b|\b(?:give|tell|show|name|suggest) (?:me )?(?:\d+|a few|some|two|three|four|five|six|seven|eight|nine|ten)\b|\btop (?:\d+|three|five|ten)\b/i,
  ],
  ['plan', /\b(?:plan|roadmap|schedule|itinerary|agenda|strategy)\b/i],
  [
    'feeling',
    /\b(?:i'm|i am|i feel|feeling) (?:so |very |really |a bit |quite )?(?:sad|tired|stressed|anxious|lonely|angry|overwhelmed|bored|worried|nervous|down|upset|stuck)\b/i,
  ],
  ['how', /\bhow (?:do|can|could|should|would|to)\b|\bsteps? (?:to|for)\b|\bteach me\b|\bguide\b/i],
  ['why', /^\W*(?:but |so |and )?why\b/i],
  [
    'choice',
    /\b(?:should i|is it (?:worth|better|good|ok)|do you (?:think|recommend)|which (?:one )?(?:is|should)|what do you think)\b/i,
  ],
  [
    'explain',
    /\b(?:explain|describe|tell me (?:more )?about|what(?:'s| is| are| does| do| was| were)|who (?:is|was)|how does|how is|define|meaning of|overview)\b/i,
  ],
];
