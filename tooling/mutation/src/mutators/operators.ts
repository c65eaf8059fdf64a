import type { Node } from '@babel/types';
import { type Change, calledName, type Mutator, rangeOf, textOf } from './change.ts';

const BINARY: Readonly<Record<string, string>> = {
  '<': '<=',
  '<=': '<',
  '>': '>=',
  '>=': '>',
  '===': '!==',
  '!==': '===',
  '+': '-',
  '-': '+',
  '*': '/',
  '/': '*',
  '%': '*',
  '&': '|',
  '|': '&',
  '<<': '>>',
  '>>': '<<',
  '>>>': '<<',
  '&&': '||',
  '||': '&&',
};

const ASSIGNMENT: Readonly<Record<string, string>> = { '+=': '-=', '-=': '+=', '*=': '/=', '/=': '*=', '??=': '=' };

const CALLS: Readonly<Record<string, string>> = {
  min: 'max',
  max: 'min',
  floor: 'ceil',
  ceil: 'floor',
  some: 'every',
  every: 'some',
  startsWith: 'endsWith',
  endsWith: 'startsWith',
};

/** Calls that return their object, changed: without them it stays as it is. */
const REFINEMENTS = new Set(['filter', 'sort', 'toSorted', 'reverse', 'slice', 'trim', 'toLowerCase', 'normalize']);

/** Exchanges operators, booleans, and calls that are as easily confused; leaves out what refines a value. */
export const mutateOperators: Mutator = ({ node, source }) => {
  switch (node.type) {
    case 'BinaryExpression':
    case 'LogicalExpression': {
      const { operator, left, right } = node;
      if (operator === '??')
        return [{ ...rangeOf(node), text: textOf(right, source), kind: 'operator', what: 'always the fallback' }];
      if (operator === '+' && (isText(left) || isText(right))) return [];
      return exchange(operator, BINARY[operator], rangeOf(left).end, source);
    }
    case 'AssignmentExpression':
      if (isText(node.right)) return [];
      return exchange(node.operator, ASSIGNMENT[node.operator], rangeOf(node.left).end, source);
    case 'UpdateExpression':
      return exchange(node.operator, node.operator === '++' ? '--' : '++', rangeOf(node).start, source);
    case 'UnaryExpression': {
      if (node.operator !== '!' && node.operator !== '-') return [];
      const { start, end } = rangeOf(node);
      return [{ start, end, text: source.slice(start + 1, end), kind: 'operator', what: `drop ${node.operator}` }];
    }
    case 'BooleanLiteral':
      return [
        { ...rangeOf(node), text: String(!node.value), kind: 'operator', what: `${node.value} to ${!node.value}` },
      ];
    case 'CallExpression':
      return callChanges(node, source);
    default:
      return [];
  }
};

function exchange(from: string, to: string | undefined, after: number, source: string): Change[] {
  if (to === undefined) return [];
  const start = source.indexOf(from, after);
  return [{ start, end: start + from.length, text: to, kind: 'operator', what: `${from} to ${to}` }];
}

function callChanges(node: Extract<Node, { type: 'CallExpression' }>, source: string): Change[] {
  const name = calledName(node);
  if (name === undefined || node.callee.type !== 'MemberExpression') return [];
  const other = CALLS[name];
  if (other !== undefined) {
    return [{ ...rangeOf(node.callee.property), text: other, kind: 'operator', what: `${name} to ${other}` }];
  }
  if (!REFINEMENTS.has(name)) return [];
  const text = textOf(node.callee.object, source);
  return [{ ...rangeOf(node), text, kind: 'operator', what: `drop .${name}()` }];
}

function isText({ type }: Node): boolean {
  return type === 'StringLiteral' || type === 'TemplateLiteral';
}
