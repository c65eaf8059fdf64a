import type { Redact } from '../redact.ts';

/** Secrets of more lines than this are padded at the end of the text. The private keys in use have about a hundred. */
const MAX_SECRET_LINES = 500;

/**
 * Makes a function keep the lines of a text: one that is redacted over several lines, such as a private key, leaves blank lines
 * behind, so that every other line keeps its number.
 */
export function keepingLines(redact: Redact): Redact {
  return (text) => {
    const lines = text.split('\n');
    const redacted = redact(text).split('\n');
    return (redacted.length === lines.length ? redacted : align(lines, redacted, redact)).join('\n');
  };
}

/** Lines that are redacted alone as they are with the whole text are their own counterparts; the others are several lines. */
function align(lines: readonly string[], redacted: readonly string[], redact: Redact): string[] {
  const alone = lines.map((line) => redact(line));
  const aligned: string[] = [];
  let next = 0;
  while (aligned.length < lines.length) {
    const first = aligned.length;
    const line = alone[first];
    if (line !== undefined && line === redacted[next]) {
      aligned.push(line);
      next++;
      continue;
    }
    const end = endOfSecret(lines, alone, redacted, { first, next }, redact);
    const part = end === undefined ? redacted.slice(next) : redactedPart(lines, first, end, redact);
    aligned.push(...stretch(part, (end ?? lines.length) - first));
    next += part.length;
  }
  return aligned;
}

/** Looks for the line at which the text and the redacted text go on together. */
function endOfSecret(
  lines: readonly string[],
  alone: readonly string[],
  redacted: readonly string[],
  { first, next }: { readonly first: number; readonly next: number },
  redact: Redact,
): number | undefined {
  const last = Math.min(lines.length, first + MAX_SECRET_LINES);
  for (let end = first + 1; end <= last; end++) {
    const part = redactedPart(lines, first, end, redact);
    const after = next + part.length;
    const isPart = part.every((line, index) => line === redacted[next + index]);
    if (isPart && (end === lines.length ? after === redacted.length : alone[end] === redacted[after])) return end;
  }
  return undefined;
}

function redactedPart(lines: readonly string[], first: number, end: number, redact: Redact): string[] {
  return redact(lines.slice(first, end).join('\n')).split('\n');
}

/** Makes as many lines of some as are wanted. */
function stretch(lines: readonly string[], count: number): string[] {
  if (lines.length <= count) return [...lines, ...Array<string>(count - lines.length).fill('')];
  return [...lines.slice(0, count - 1), lines.slice(count - 1).join(' ')];
}
