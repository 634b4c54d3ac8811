import { evaluate, formatNumber, parseExpression } from './arithmetic.ts';

/** Works out the arithmetic in a message, with its steps; null when there is none to work out. */
export function mathReply(text: string): string | null {
  if (text.length > LONGEST) return null;
  const spelt = text
    .toLowerCase()
    .replace(/(\d+(?:\.\d+)?)\s*(?:%|percent) of (\d+(?:\.\d+)?)/g, '($1 / 100 * $2)')
    .replace(/(\d),(?=\d{3}\b)/g, '$1')
    .replace(/\bplus\b/g, '+')
    .replace(/\bminus\b/g, '-')
    .replace(/\b(?:times|multiplied by)\b|[×·]|(?<=\d\s?)x(?=\s?\d)/g, '*')
    .replace(/\b(?:divided by|over)\b|÷/g, '/')
    .replace(/\*\*/g, '^');
  const found = [...spelt.matchAll(EXPRESSION)]
    .map(([part]) => part.trim())
    .sort((a, b) => b.length - a.length)[0];
  if (!found || !isMeant(spelt, found)) return null;
  const parsed = parseExpression(found);
  if (!parsed) return null;
  const steps: string[] = [];
  const result = evaluate(parsed, steps);
  if (!Number.isFinite(result))
    return `**${shown(found)}** has no value: it divides by zero. Nothing divided into zero parts adds up.`;
  const answer = `**${shown(found)} = ${formatNumber(result)}**`;
  if (steps.length < 2) return answer;
  return `${answer}\n\nStep by step:\n\n${steps.map((step, index) => `${index + 1}. ${step}`).join('\n')}`;
}

/** A longer message is no sum, and the evaluation recurses. */
const LONGEST = 300;
const EXPRESSION = /[-(\s]*\d+(?:\.\d+)?[\s)]*(?:[-+*/^%][-(\s]*\d+(?:\.\d+)?[\s)]*)+/g;
const ASKED = /\b(?:what(?:'s| is)|calculate|compute|solve|how much|equals?|evaluate|work out|sum)\b|=/;
const DATE_OR_RANGE = /^\d{1,4}([-/])\d{1,2}\1\d{1,4}$|^\d+\s?-\s?\d+$/;

/** A date, a range or a score looks like a sum: those count only when a result is asked for. */
function isMeant(text: string, expression: string): boolean {
  if (ASKED.test(text)) return true;
  const otherWords = text.replace(expression, ' ').match(/\p{L}+/gu) ?? [];
  return otherWords.length < 3 && !DATE_OR_RANGE.test(expression);
}

function shown(expression: string): string {
  return expression
    .replace(/\s+/g, '')
    .replace(/^\(([^()]*)\)$/, '$1')
    .replace(/(?<=[\d)])([-+*/^%])/g, ' $1 ')
    .replaceAll('*', '×')
    .replaceAll('/', '÷');
}
