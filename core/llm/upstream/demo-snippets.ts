/** A task that the demo model can really solve. */
export interface Snippet {
  asked: RegExp;
  /** By language, as a Markdown fence names it. */
  code: Readonly<Record<string, string>>;
  why: string;
}

export const SNIPPETS: readonly Snippet[] = [
  {
    asked: /\brevers/i,
    code: {
      typescript:
        "export function reverse(text: string): string {\n  return [...text].reverse().join('');\n}",
      javascript: "export function reverse(text) {\n  return [...text].reverse().join('');\n}",
      python: 'def reverse(text: str) -> str:\n    return text[::-1]',
    },
    why: 'the text is taken apart by code points rather than by bytes, so that accented letters and most emoji survive.',
  },
  {
    asked: /\bfizz ?buzz\b/i,
    code: {
      typescript:
        "for (let n = 1; n <= 100; n++) {\n  const word = (n % 3 ? '' : 'Fizz') + (n % 5 ? '' : 'Buzz');\n  console.log(word || n);\n}",
      javascript:
        "for (let n = 1; n <= 100; n++) {\n  const word = (n % 3 ? '' : 'Fizz') + (n % 5 ? '' : 'Buzz');\n  console.log(word || n);\n}",
      python:
        "for n in range(1, 101):\n    word = ('' if n % 3 else 'Fizz') + ('' if n % 5 else 'Buzz')\n    print(word or n)",
    },
    why: 'a multiple of 15 is simply both at once, so it needs no rule of its own.',
  },
  {
    asked: /\bfibonacci\b/i,
    code: {
      typescript:
        'export function* fibonacci(): Generator<bigint> {\n  let [a, b] = [0n, 1n];\n  while (true) {\n    yield a;\n    [a, b] = [b, a + b];\n  }\n}',
      javascript:
        'export function* fibonacci() {\n  let [a, b] = [0n, 1n];\n  while (true) {\n    yield a;\n    [a, b] = [b, a + b];\n  }\n}',
      python: 'def fibonacci():\n    a, b = 0, 1\n    while True:\n        yield a\n        a, b = b, a + b',
    },
    why: 'each number needs only the two before it; a generator leaves it to the caller when to stop.',
  },
  {
    asked: /\bprimes?\b/i,
    code: {
      typescript:
        'export function isPrime(n: number): boolean {\n  if (n < 2) return false;\n  for (let d = 2; d * d <= n; d++) {\n    if (n % d === 0) return false;\n  }\n  return true;\n}',
      javascript:
        'export function isPrime(n) {\n  if (n < 2) return false;\n  for (let d = 2; d * d <= n; d++) {\n    if (n % d === 0) return false;\n  }\n  return true;\n}',
      python:
        'def is_prime(n: int) -> bool:\n    if n < 2:\n        return False\n    return all(n % d for d in range(2, int(n**0.5) + 1))',
    },
    why: 'of two factors, one is never greater than the square root, so looking further is of no use.',
  },
  {
    asked: /\bpalindrome/i,
    code: {
      typescript:
        "export function isPalindrome(text: string): boolean {\n  const letters = text.toLowerCase().match(/[\\p{L}\\p{N}]/gu) ?? [];\n  return letters.join('') === letters.reverse().join('');\n}",
      javascript:
        "export function isPalindrome(text) {\n  const letters = text.toLowerCase().match(/[\\p{L}\\p{N}]/gu) ?? [];\n  return letters.join('') === letters.reverse().join('');\n}",
      python:
        'def is_palindrome(text: str) -> bool:\n    letters = [c for c in text.lower() if c.isalnum()]\n    return letters == letters[::-1]',
    },
    why: 'only letters and digits are compared, so that "A man, a plan, a canal: Panama" counts.',
  },
  {
    asked: /\bfactorial\b/i,
    code: {
      typescript:
        'export function factorial(n: number): bigint {\n  let product = 1n;\n  for (let k = 2n; k <= BigInt(n); k++) product *= k;\n  return product;\n}',
      javascript:
        'export function factorial(n) {\n  let product = 1n;\n  for (let k = 2n; k <= BigInt(n); k++) product *= k;\n  return product;\n}',
      python: 'from math import prod\n\ndef factorial(n: int) -> int:\n    return prod(range(2, n + 1))',
    },
    why: 'whole numbers of any size are used: ordinary ones stop being exact at 19!.',
  },
  {
    asked: /\bdebounce\b/i,
    code: {
      typescript:
        'export function debounce<A extends unknown[]>(run: (...args: A) => void, ms: number) {\n  let timer: ReturnType<typeof setTimeout> | undefined;\n  return (...args: A) => {\n    clearTimeout(timer);\n    timer = setTimeout(() => run(...args), ms);\n  };\n}',
      javascript:
        'export function debounce(run, ms) {\n  let timer;\n  return (...args) => {\n    clearTimeout(timer);\n    timer = setTimeout(() => run(...args), ms);\n  };\n}',
    },
    why: 'each call puts the last one off; only when there has been quiet for the given time does it run.',
  },
  {
    asked: /\bsort/i,
    code: {
      typescript:
        'export function sortedBy<T>(items: readonly T[], key: (item: T) => number | string): T[] {\n  return [...items].sort((a, b) => (key(a) < key(b) ? -1 : key(a) > key(b) ? 1 : 0));\n}',
      javascript:
        'export function sortedBy(items, key) {\n  return [...items].sort((a, b) => (key(a) < key(b) ? -1 : key(a) > key(b) ? 1 : 0));\n}',
      python: 'def sorted_by(items, key):\n    return sorted(items, key=key)',
      sql: 'SELECT *\nFROM items\nORDER BY price DESC, id;',
    },
    why: 'the order is stable, and what was passed in stays as it is.',
  },
];

/** A sound beginning, for any other task. */
export const STARTERS: Readonly<Record<string, string>> = {
  typescript:
    "export interface Input {\n  items: readonly string[];\n}\n\nexport function solve({ items }: Input): string[] {\n  if (items.length === 0) return [];\n  return items.map((item) => item.trim()).filter((item) => item !== '');\n}",
  javascript:
    "export function solve({ items }) {\n  if (items.length === 0) return [];\n  return items.map((item) => item.trim()).filter((item) => item !== '');\n}",
  python:
    "def solve(items: list[str]) -> list[str]:\n    return [item.strip() for item in items if item.strip()]\n\nif __name__ == '__main__':\n    print(solve([' one ', '', 'two']))",
  sql: "SELECT customer_id, count(*) AS orders, max(created_at) AS last_order\nFROM orders\nWHERE created_at >= now() - interval '30 days'\nGROUP BY customer_id\nORDER BY orders DESC\nLIMIT 20;",
  bash: '#!/usr/bin/env bash\nset -euo pipefail\n\nfor file in "$@"; do\n  echo "$(wc -l < "$file") $file"\ndone',
  html: '<!doctype html>\n<html lang="en">\n  <head>\n    <meta charset="utf-8" />\n    <title>Hello</title>\n  </head>\n  <body>\n    <main>\n      <h1>Hello</h1>\n    </main>\n  </body>\n</html>',
  css: '.card {\n  display: grid;\n  gap: 0.75rem;\n  padding: 1rem;\n  border: 1px solid color-mix(in srgb, currentColor 20%, transparent);\n  border-radius: 0.5rem;\n}',
  go: 'package main\n\nimport (\n\t"fmt"\n\t"strings"\n)\n\nfunc main() {\n\tfor _, word := range strings.Fields("one two three") {\n\t\tfmt.Println(word)\n\t}\n}',
  rust: 'fn main() {\n    for word in "one two three".split_whitespace() {\n        println!("{word}");\n    }\n}',
  java: 'import java.util.List;\n\npublic class Main {\n    public static void main(String[] args) {\n        for (var word : List.of("one", "two", "three")) {\n            System.out.println(word);\n        }\n    }\n}',
};
