/** One of the prepared samples in a code fence: the one that was asked for where there is one, else the first of its language. */
export function codeReply(text: string): string {
  const language = LANGUAGES.find(({ asked }) => asked.test(text)) ?? LANGUAGES[0];
  const sample = language.samples.find(({ asked }) => asked.test(text)) ?? language.samples[0];
  return `One of my prepared samples, **${sample.name}** in ${language.name}:

\`\`\`${language.name.toLowerCase()}
${sample.code}
\`\`\`

A real model would write what you need; I have this much in JavaScript, Python and SQL.`;
}

const FIZZ_BUZZ = { name: 'FizzBuzz', asked: /\bfizz ?buzz\b/i };
const FIBONACCI = { name: 'Fibonacci numbers', asked: /\bfibonacci\b/i };
const REVERSE = { name: 'reversing a string', asked: /\brevers/i };

const JAVASCRIPT = {
  name: 'JavaScript',
  asked: /\b(?:javascript|js)\b/i,
  samples: [
    {
      ...FIZZ_BUZZ,
      code: `for (let n = 1; n <= 100; n++) {
  const word = (n % 3 ? '' : 'Fizz') + (n % 5 ? '' : 'Buzz');
  console.log(word || n);
}`,
    },
    {
      ...FIBONACCI,
      code: `function* fibonacci() {
  let [a, b] = [0n, 1n];
  while (true) {
    yield a;
    [a, b] = [b, a + b];
  }
}`,
    },
    {
      ...REVERSE,
      code: `function reverse(text) {
  return Array.from(text).reverse().join('');
}`,
    },
  ],
} as const;

const PYTHON = {
  name: 'Python',
  asked: /\bpython\b/i,
  samples: [
    {
      ...FIZZ_BUZZ,
      code: `for n in range(1, 101):
    word = ("" if n % 3 else "Fizz") + ("" if n % 5 else "Buzz")
    print(word or n)`,
    },
    {
      ...FIBONACCI,
      code: `def fibonacci():
    a, b = 0, 1
    while True:
        yield a
        a, b = b, a + b`,
    },
    {
      ...REVERSE,
      code: `def reverse(text: str) -> str:
    return text[::-1]`,
    },
  ],
} as const;

const SQL = {
  name: 'SQL',
  asked: /\b(?:sql|query)\b/i,
  samples: [
    {
      name: 'the customers with the most orders',
      asked: /orders/i,
      code: `SELECT customer_id, count(*) AS orders, max(created_at) AS last_order
FROM orders
WHERE created_at >= now() - interval '30 days'
GROUP BY customer_id
ORDER BY orders DESC
LIMIT 20;`,
    },
  ],
} as const;

const LANGUAGES = [JAVASCRIPT, PYTHON, SQL] as const;
