/** One call of the system, as `strace -f -xx` writes it down. */
export interface SystemCall {
  readonly name: string;
  /** As written; texts and bytes stay in their quotes. */
  readonly args: readonly string[];
  readonly result: number;
}

const LINE = /^(\d+) +(.*)$/;
const UNFINISHED = ' <unfinished ...>';
const RESUMED = /^<\.\.\. \w+ resumed>(.*)$/;
const CALL = /^(\w+)\((.*)\) += (-?\d+)/;

/** Parses strace's output. Calls are ordered by their return. */
export function parseSystemCalls(lines: Iterable<string>): SystemCall[] {
  const begun = new Map<string, string>();
  const calls: SystemCall[] = [];
  for (const line of lines) {
    const [, thread = '', text = ''] = LINE.exec(line) ?? [];
    if (text.endsWith(UNFINISHED)) {
      begun.set(thread, text.slice(0, -UNFINISHED.length));
      continue;
    }
    const rest = RESUMED.exec(text)?.[1];
    const [, name, args = '', result] = CALL.exec(rest === undefined ? text : (begun.get(thread) ?? '') + rest) ?? [];
    // Nothing that is quoted holds a comma: every byte is written as \x and two digits.
    if (name !== undefined) calls.push({ name, args: args.split(', '), result: Number(result) });
  }
  return calls;
}

/** The bytes of a quoted argument. */
export function bytesOf(argument = ''): Buffer {
  return Buffer.from(argument.replaceAll(/"|\\x|\.\.\.$/g, ''), 'hex');
}

/** The text of a quoted argument. */
export function textOf(argument: string | undefined): string {
  return bytesOf(argument).toString();
}
