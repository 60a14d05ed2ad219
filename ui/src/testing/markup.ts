/** Finds text in a component's markup that is not in the catalogue, whether or not any test shows it. */
import { type AST, parse } from 'svelte/compiler';
import { spoken, word } from './bare';

type Node = { type: string; [key: string]: unknown };
const isNode = (value: unknown): value is Node => typeof value === 'object' && value !== null && 'type' in value;

/** What a template expression can put on the screen by itself: the strings in it that are no argument of anything. */
function literals(expression: Node): string[] {
  switch (expression.type) {
    case 'Literal':
      return typeof expression.value === 'string' ? [expression.value] : [];
    case 'TemplateLiteral':
      return [
        ...(expression.quasis as { value: { cooked: string } }[]).map((part) => part.value.cooked),
        ...(expression.expressions as Node[]).flatMap(literals),
      ];
    case 'ConditionalExpression':
      return [...literals(expression.consequent as Node), ...literals(expression.alternate as Node)];
    case 'LogicalExpression':
      return [...literals(expression.left as Node), ...literals(expression.right as Node)];
    case 'BinaryExpression':
      return expression.operator === '+' ? [expression.left as Node, expression.right as Node].flatMap(literals) : [];
    default:
      return [];
  }
}

/** What a component's markup says in its own words. `keys` matches the names of keys, which are the same everywhere. */
export function bareMarkup(source: string, keys: RegExp): string[] {
  const found: string[] = [];
  const look = (text: string) => {
    if (word.test(text.replace(keys, ''))) found.push(text.trim());
  };
  const value = (part: Node) => {
    if (part.type === 'Text') look(String(part.data));
    if (part.type === 'ExpressionTag') literals(part.expression as Node).forEach(look);
  };
  const visit = (node: Node) => {
    // Lengths and places, never words.
    if (node.type === 'StyleDirective') return;
    if (node.type === 'Attribute') {
      if (spoken.includes(String(node.name)) || ['label', 'hint', 'text'].includes(String(node.name))) {
        [node.value].flat().filter(isNode).forEach(value);
      }
      return;
    }
    value(node);
    for (const below of Object.values(node)) {
      for (const each of Array.isArray(below) ? below : [below]) if (isNode(each)) visit(each);
    }
  };
  const { fragment }: AST.Root = parse(source, { modern: true });
  visit(fragment as unknown as Node);
  return found;
}
