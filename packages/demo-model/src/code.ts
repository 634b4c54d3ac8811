/** A prepared sample in a code fence: the one that was asked for where there is one, else the first of its language. */
export function codeReply(text: string): string {
  const words = text.toLowerCase();
  const language = /\bpython\b/.test(words)
    ? 'python'
    : /\b(?:sql|query)\b/.test(words)
      ? 'sql'
      : 'javascript';
  const samples = Object.entries(SAMPLES[language]);
  const [, code] = samples.find(([word]) => words.includes(word)) ?? samples[0] ?? [];
  return `One of my prepared samples:

\`\`\`${language}
${code}
\`\`\`

A real model would write what you need; I have FizzBuzz, Fibonacci numbers and a reversed string in JavaScript and Python, and a query in SQL.`;
}

/** By language, then by a word that asks for it. */
const SAMPLES: Record<'javascript' | 'python' | 'sql', Record<string, string>> = {
  javascript: {
    fizz: `for (let n = 1; n <= 100; n++) {
  const word = (n % 3 ? '' : 'Fizz') + (n % 5 ? '' : 'Buzz');
  console.log(word || n);
}`,
    fibonacci: `function* fibonacci() {
  let [a, b] = [0n, 1n];
  while (true) {
    yield a;
    [a, b] = [b, a + b];
  }
}`,
    revers: `function reverse(text) {
  return Array.from(text).reverse().join('');
}`,
  },
  python: {
    fizz: `for n in range(1, 101):
    word = ("" if n % 3 else "Fizz") + ("" if n % 5 else "Buzz")
    print(word or n)`,
    fibonacci: `def fibonacci():
    a, b = 0, 1
    while True:
        yield a
        a, b = b, a + b`,
    revers: `def reverse(text: str) -> str:
    return text[::-1]`,
  },
  sql: {
    query: `SELECT customer_id, count(*) AS orders, max(created_at) AS last_order
FROM orders
WHERE created_at >= now() - interval '30 days'
GROUP BY customer_id
ORDER BY orders DESC
LIMIT 20;`,
  },
};
