/**
 * "Did you mean": the candidate with the smallest edit distance (Levenshtein 1966), or '' when none is close
 * enough to be meant.
 */

/** More edits than this, or than half of the word, and it is another word. */
const DISTANCE_MAX = 3;

export function nearest(word: string, candidates: string[]): string {
  let best = '';
  let bestDistance = Math.min(DISTANCE_MAX, Math.floor(word.length / 2)) + 1;
  for (let i = 0; i < candidates.length; i++) {
    const distance = editDistance(word.toLowerCase(), candidates[i].toLowerCase());
    if (distance < bestDistance) {
      best = candidates[i];
      bestDistance = distance;
    }
  }
  return best;
}

/** One row of the table at a time. */
function editDistance(a: string, b: string): number {
  const row: number[] = [];
  for (let j = 0; j <= b.length; j++) row.push(j);
  for (let i = 1; i <= a.length; i++) {
    let diagonal = row[0];
    row[0] = i;
    for (let j = 1; j <= b.length; j++) {
      const substituted = diagonal + (a.charAt(i - 1) === b.charAt(j - 1) ? 0 : 1);
      diagonal = row[j];
      row[j] = Math.min(substituted, row[j] + 1, row[j - 1] + 1);
    }
  }
  return row[b.length];
}
