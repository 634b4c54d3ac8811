/** An arithmetic expression, as far as it is parsed. */
export type Expression = number | { operator: string; left: Expression; right: Expression };

/** Parses + - * / % ^ and parentheses with the usual precedence; null for anything else. */
export function parseExpression(source: string): Expression | null {
  const tokens = source.match(/\d+(?:\.\d+)?|[-+*/^%()]/g) ?? [];
  const parser = new Parser(tokens);
  const expression = parser.sum();
  return parser.atEnd ? expression : null;
}

/** The value; every operation that was worked out is added to `steps`, in order. Not finite after a division by zero. */
export function evaluate(expression: Expression, steps: string[]): number {
  if (typeof expression === 'number') return expression;
  const left = evaluate(expression.left, steps);
  const right = evaluate(expression.right, steps);
  const { apply, sign } = OPERATORS[expression.operator] ?? NONE;
  const value = apply(left, right);
  steps.push(`${formatNumber(left)} ${sign} ${formatNumber(right)} = ${formatNumber(value)}`);
  return value;
}

/** At most ten significant digits, thousands apart. */
export function formatNumber(value: number): string {
  const rounded = Number(value.toPrecision(10));
  return Math.abs(rounded) >= 1e15
    ? String(rounded)
    : rounded.toLocaleString('en-US', { maximumFractionDigits: 10 });
}

interface Operator {
  sign: string;
  apply: (left: number, right: number) => number;
}

const NONE: Operator = { sign: '?', apply: () => Number.NaN };

const OPERATORS: Record<string, Operator> = {
  '+': { sign: '+', apply: (left, right) => left + right },
  '-': { sign: '−', apply: (left, right) => left - right },
  '*': { sign: '×', apply: (left, right) => left * right },
  '/': { sign: '÷', apply: (left, right) => left / right },
  '%': { sign: 'mod', apply: (left, right) => left % right },
  '^': { sign: '^', apply: (left, right) => left ** right },
};

/** Recursive descent; a null is a fault that nothing recovers from. */
class Parser {
  readonly #tokens: readonly string[];
  #at = 0;

  constructor(tokens: readonly string[]) {
    this.#tokens = tokens;
  }

  get atEnd(): boolean {
    return this.#at === this.#tokens.length;
  }

  sum(): Expression | null {
    return this.#chain(['+', '-'], () => this.#product());
  }

  #product(): Expression | null {
    return this.#chain(['*', '/', '%'], () => this.#power());
  }

  #power(): Expression | null {
    const left = this.#unit();
    if (left === null || !this.#takes('^')) return left;
    const right = this.#power();
    return right === null ? null : { operator: '^', left, right };
  }

  #unit(): Expression | null {
    if (this.#takes('-')) {
      const operand = this.#unit();
      if (typeof operand === 'number') return -operand;
      return operand && { operator: '-', left: 0, right: operand };
    }
    if (this.#takes('(')) {
      const inner = this.sum();
      return this.#takes(')') ? inner : null;
    }
    const token = this.#tokens[this.#at];
    if (token === undefined || !/^\d/.test(token)) return null;
    this.#at += 1;
    return Number(token);
  }

  #chain(operators: readonly string[], operand: () => Expression | null): Expression | null {
    let left = operand();
    while (left !== null) {
      const operator = operators.find((candidate) => this.#takes(candidate));
      if (!operator) break;
      const right = operand();
      left = right === null ? null : { operator, left, right };
    }
    return left;
  }

  #takes(token: string): boolean {
    if (this.#tokens[this.#at] !== token) return false;
    this.#at += 1;
    return true;
  }
}
