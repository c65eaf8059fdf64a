import type { Redact } from '../redact.ts';

/** Names of properties whose values are secrets, whatever these look like. */
const TELLING_NAME = /secret|token|passw|key|auth|credential/i;

/**
 * Redacts the value of a property. Where its name tells of a secret, the value is looked at together with it: what has no
 * format of its own, such as the secret key of AWS, is known by the name before it.
 */
export function redactProperty(name: string, value: string, redact: Redact): string {
  const alone = redact(value);
  if (!TELLING_NAME.test(name)) return alone;
  const assignment = `${name}=`;
  const together = redact(assignment + alone);
  return together.startsWith(assignment) ? together.slice(assignment.length) : alone;
}

/** Redacts the names of an object's properties; two that become the same are numbered, so that no value is lost. */
export function redactNames(names: readonly string[], redact: Redact): string[] {
  const taken = new Set(names);
  return names.map((name) => {
    const redacted = redact(name);
    if (redacted === name) return name;
    let free = redacted;
    for (let number = 2; taken.has(free); number++) free = `${redacted} ${number}`;
    taken.add(free);
    return free;
  });
}

/** So deep is JSON looked into that stands in a string of JSON. */
const MAX_DEPTH = 8;

/**
 * Makes a function see through JSON: the strings of a text are redacted as they are without their quotes and escape
 * sequences, and put back; a text that is JSON as a whole, such as the arguments of a tool call, stays JSON.
 */
export function throughJson(redact: Redact, depth = 0): Redact {
  return (text) => {
    if (depth === MAX_DEPTH || !text.includes('"')) return redact(text);
    const isWhole = isJson(text);
    if (!isWhole && !text.includes('\\')) return redact(text);
    const redacted = redactStrings(text, throughJson(redact, depth + 1));
    return isWhole ? redacted : redact(redacted);
  };
}

/**
 * A string as JSON has it, and the colon after the name of a property. One without an end goes on to the end of the text:
 * looking for another inside it would take time that grows with the square of the text.
 */
const STRING = /"(?:[^"\\]|\\[\s\S]|\\$)*(?:"(\s{0,100}:)?|$)/g;

function redactStrings(text: string, redact: Redact): string {
  const names = renamedProperties(text, redact);
  let name = '';
  let nameEnd = -1;
  return text.replace(STRING, (found: string, colon: string | undefined, at: number) => {
    const literal = found.slice(0, found.length - (colon?.length ?? 0));
    const decoded = decodeString(literal);
    if (decoded === undefined) return found;
    if (colon !== undefined) {
      name = decoded;
      nameEnd = at + found.length;
      return encodeString(literal, decoded, names.get(decoded) ?? decoded) + colon;
    }
    const follows = nameEnd !== -1 && text.slice(nameEnd, at).trim() === '';
    nameEnd = -1;
    return encodeString(literal, decoded, follows ? redactProperty(name, decoded, redact) : redact(decoded));
  });
}

function renamedProperties(text: string, redact: Redact): ReadonlyMap<string, string> {
  const names = new Set<string>();
  for (const [found, colon] of text.matchAll(STRING)) {
    const name = colon === undefined ? undefined : decodeString(found.slice(0, found.length - colon.length));
    if (name !== undefined) names.add(name);
  }
  const redacted = redactNames([...names], redact);
  return new Map([...names].map((name, index) => [name, redacted[index] ?? name]));
}

function decodeString(literal: string): string | undefined {
  try {
    const value: unknown = JSON.parse(literal);
    return typeof value === 'string' ? value : undefined;
  } catch {
    // A quotation mark in prose, or a string that is cut off.
    return undefined;
  }
}

/** What has not changed stays as it was written. */
function encodeString(literal: string, before: string, after: string): string {
  return after === before ? literal : JSON.stringify(after);
}

function isJson(text: string): boolean {
  if (!/^\s*["[{]/.test(text)) return false;
  try {
    JSON.parse(text);
    return true;
  } catch {
    return false;
  }
}
