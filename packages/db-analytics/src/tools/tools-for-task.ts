/** Shorter words say too little to choose a tool by. */
const MIN_LENGTH = 3;

/** Returns the tools whose names share a word with a task; one that begins another counts as the same: `edit`, `editor`. */
export function toolsFor(task: string, tools: readonly string[]): string[] {
  const words = wordsOf(task);
  return tools.filter((tool) => wordsOf(tool).some((part) => words.some((word) => isSame(part, word))));
}

function isSame(a: string, b: string): boolean {
  return a.startsWith(b) || b.startsWith(a);
}

/** The words of a text, those of a name such as `readFile` or `read_file` among them. */
function wordsOf(text: string): string[] {
  return text
    .split(/[^\p{L}\p{N}]+|(?<=\p{Ll})(?=\p{Lu})/u)
    .filter((word) => word.length >= MIN_LENGTH)
    .map((word) => word.toLowerCase());
}
