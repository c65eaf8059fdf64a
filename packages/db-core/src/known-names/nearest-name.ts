/**
 * Returns the known name that is nearest to a name: by the number of letters to insert, delete or replace (Levenshtein 1966,
 * "Binary codes capable of correcting deletions, insertions, and reversals"), case and underscores aside, so that
 * `project_id` is `projectId`. If more than a third of the letters differ, no name is near.
 */
export function nearestName(name: string, known: readonly string[]): string | undefined {
  const letters = lettersOf(name.slice(0, MAX_LENGTH));
  let nearest: string | undefined;
  let least = Math.max(letters.length, 3) / 3;
  for (const each of known) {
    const distance = editDistance(letters, lettersOf(each));
    if (distance > least || (distance === least && nearest !== undefined)) continue;
    nearest = each;
    least = distance;
  }
  return nearest;
}

/** No known name is longer; what follows can't make a name nearer. */
const MAX_LENGTH = 64;

function lettersOf(name: string): string {
  return name.replaceAll('_', '').toLowerCase();
}

function editDistance(a: string, b: string): number {
  let row = Array.from({ length: b.length + 1 }, (_, index) => index);
  for (let i = 1; i <= a.length; i++) {
    const next = [i];
    for (let j = 1; j <= b.length; j++) {
      const replaced = (row[j - 1] ?? 0) + (a[i - 1] === b[j - 1] ? 0 : 1);
      next.push(Math.min(replaced, (row[j] ?? 0) + 1, (next[j - 1] ?? 0) + 1));
    }
    row = next;
  }
  return row[b.length] ?? 0;
}
