/** Recorded cases that Sluice answers otherwise on purpose, by id, each with its reason. They are listed in docs/differences.md too. */
export const DIFFERENCES: ReadonlyMap<string, string> = new Map([
  ['archive-043', 'a path that ends in a slash makes the original write a zip that nobody can read'],
  ['bounds_check-012', 'a whole number is asked for, so 2.9 is refused; the original cuts it to 2'],
  ['select_parts-010', 'a whole number is asked for, so 1.5 is refused; the original cuts it to 1'],
  ['compress-004', 'the compressed bytes are those of another library; decompressed they are the same'],
  ['compress-014', 'the compressed bytes are those of another library; decompressed they are the same'],
  ['compress-042', 'the compressed bytes are those of another library; decompressed they are the same'],
  ['decompress-004', 'what is wrong with a deflate stream is said by another library'],
  ['log-014', 'the original panics'],
  ['switch-004', 'with `fallthrough` in the last case the original loses the message; it goes on'],
  ['switch-027', 'results of a case stand where their messages stood, also where the case split its batch'],
  ['switch-039', 'results of a case stand where their messages stood, also where the case selected parts'],
  ['unarchive-015', 'members of an object come in the order of their keys; in the original by chance'],
  ['workflow-018', 'failed branches of a record that cannot hold what failed flag it; the original tells nobody'],
  ['workflow-019', 'failed branches of a record that cannot hold what failed flag it; the original tells nobody'],
  ['unarchive-085', 'a message `null` that is no array keeps its content; the original empties it'],
]);
