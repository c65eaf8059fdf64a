import type { Node } from '@babel/types';

/** The kinds of code that are changed, in the order in which reports list them. */
export const KINDS = ['operator', 'condition', 'statement', 'transaction', 'sql'] as const;

/** A kind of code that is changed. */
export type Kind = (typeof KINDS)[number];

/** The replacement of one range of a string. */
export interface Edit {
  readonly start: number;
  readonly end: number;
  readonly text: string;
}

/** An edit that alters what the code does, with a few words on how. */
export interface Change extends Edit {
  readonly kind: Kind;
  readonly what: string;
}

/** A node of the syntax tree in its surroundings. */
export interface Place {
  readonly node: Node;
  readonly parent: Node | undefined;
  readonly source: string;
}

/** Proposes changes to one node; most nodes get none. */
export type Mutator = (place: Place) => readonly Change[];

/** Returns a string with one range replaced. */
export function applyEdit(source: string, { start, end, text }: Edit): string {
  return source.slice(0, start) + text + source.slice(end);
}

/** Returns the range of a node. The parser sets it on every node that it makes. */
export function rangeOf({ start, end, type }: Node): { readonly start: number; readonly end: number } {
  if (typeof start !== 'number' || typeof end !== 'number') throw new TypeError(`a ${type} without a range`);
  return { start, end };
}

/** Returns the source text of a node, in parentheses if it stands in some: it may move beside another operator. */
export function textOf(node: Node, source: string): string {
  const { start, end } = rangeOf(node);
  const text = source.slice(start, end);
  return node.extra?.['parenthesized'] === true ? `(${text})` : text;
}

/** Returns the name of the function or method that is called, or `undefined` if it is computed. */
export function calledName(node: Node): string | undefined {
  if (node.type === 'AwaitExpression') return calledName(node.argument);
  if (node.type !== 'CallExpression' && node.type !== 'OptionalCallExpression') return undefined;
  const { callee } = node;
  if (callee.type === 'Identifier') return callee.name;
  if (callee.type !== 'MemberExpression' && callee.type !== 'OptionalMemberExpression') return undefined;
  if (callee.property.type === 'PrivateName') return callee.property.id.name;
  return callee.property.type === 'Identifier' && !callee.computed ? callee.property.name : undefined;
}
