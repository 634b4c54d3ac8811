/** A summary made of the text's own sentences; null when there is too little text to shorten. */
export function summaryReply(text: string): string | null {
  const body = text
    .replace(/^[^:\n]{0,80}(?:summari[sz]e|summary|tl;?dr|key points)[^:\n]{0,60}[:\n]/i, '')
    .trim();
  const sentences = [...SENTENCES.segment(body)]
    .map(({ segment }) => segment.replace(/\s+/g, ' ').trim())
    .filter(Boolean);
  if (sentences.length < 3) return null;
  const weights = wordWeights(body);
  const ranked = sentences
    .map((sentence, index) => ({
      sentence,
      index,
      weight: weightOf(sentence, weights) + (index === 0 ? 1 : 0),
    }))
    .sort((a, b) => b.weight - a.weight)
    .slice(0, 3)
    .sort((a, b) => a.index - b.index);
  const words = body.split(/\s+/).length;
  const points = ranked.map(({ sentence }) => `- ${sentence}`).join('\n');
  return `### In short\n\nYour text has **${words} words** in ${sentences.length} sentences. These three carry most of it:\n\n${points}\n\nI chose them by how many of the text's own key words they hold; a real model would also tell you what it *means*.`;
}

const SENTENCES = new Intl.Segmenter('en', { granularity: 'sentence' });

function wordsOf(text: string): string[] {
  return text.toLowerCase().match(/\p{L}[\p{L}\p{M}'’]{3,}/gu) ?? [];
}

function wordWeights(text: string): Map<string, number> {
  const weights = new Map<string, number>();
  for (const word of wordsOf(text)) weights.set(word, (weights.get(word) ?? 0) + 1);
  return weights;
}

/** The mean weight of its words, so that a long sentence does not win by its length alone. */
function weightOf(sentence: string, weights: Map<string, number>): number {
  const words = wordsOf(sentence);
  return words.reduce((sum, word) => sum + (weights.get(word) ?? 0), 0) / (words.length + 3);
}
