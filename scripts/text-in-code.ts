import { parseSync } from 'rolldown/experimental';

/** Attributes and properties whose value people read or hear. */
const READ =
  /^(?:aria-(?:label|valuetext|description|placeholder|roledescription)|title|placeholder|alt|label|lead|hint|body)$/;

interface Node {
  type: string;
  [field: string]: unknown;
}

/** A line for each text that a component has itself instead of from the catalogue: `path: the text`. */
export function textsInCode(path: string, code: string): string[] {
  const found: string[] = [];
  const report = (text: string) => {
    if (/\p{L}/u.test(text)) found.push(`${path}: ${text.trim()}`);
  };
  walk(parseSync(path, code).program as unknown as Node, (node) => {
    if (node.type === 'JSXText') report(String(node.value));
    if (node.type === 'JSXElement' || node.type === 'JSXFragment')
      for (const child of node.children as Node[])
        if (child.type === 'JSXExpressionContainer') shownIn(child.expression as Node, report);
    if (node.type === 'JSXAttribute' && READ.test(nameOf(node.name as Node)))
      shownIn(node.value as Node | null, report);
    if (node.type === 'AssignmentExpression' && /^document\.title$/.test(sourceOf(code, node.left as Node)))
      shownIn(node.right as Node, report);
  });
  return found;
}

/** The names of catalogue texts in the code, as literals or as patterns: a template has `*` for what is put in. */
export function namesInCode(path: string, code: string): string[] {
  const names: string[] = [];
  walk(parseSync(path, code).program as unknown as Node, (node) => {
    if (node.type === 'Literal' && typeof node.value === 'string') names.push(node.value);
    if (node.type === 'TemplateLiteral') names.push(quasisOf(node).join('*'));
  });
  return names;
}

/** The literals that an expression may come to. */
function shownIn(node: Node | null, report: (text: string) => void): void {
  switch (node?.type) {
    case 'Literal':
      return report(typeof node.value === 'string' ? node.value : '');
    case 'TemplateLiteral':
      return report(quasisOf(node).join(' '));
    case 'ConditionalExpression':
      shownIn(node.consequent as Node, report);
      return shownIn(node.alternate as Node, report);
    case 'LogicalExpression':
    case 'BinaryExpression':
      // The sides of a comparison are not shown.
      if (/^[=!<>]/.test(String(node.operator))) return;
      shownIn(node.left as Node, report);
      return shownIn(node.right as Node, report);
    case 'JSXExpressionContainer':
    case 'TSAsExpression':
      return shownIn(node.expression as Node, report);
  }
}

function quasisOf({ quasis }: Node): string[] {
  return (quasis as { value: { cooked: string } }[]).map(({ value }) => value.cooked);
}

function nameOf({ name }: Node): string {
  return String(name);
}

function sourceOf(code: string, { start, end }: Node): string {
  return code.slice(Number(start), Number(end));
}

function walk(node: unknown, visit: (node: Node) => void): void {
  if (Array.isArray(node)) for (const one of node) walk(one, visit);
  else if (typeof node === 'object' && node !== null) {
    if (typeof (node as Node).type === 'string') visit(node as Node);
    for (const value of Object.values(node)) walk(value, visit);
  }
}
