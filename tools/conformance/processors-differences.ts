/** Recorded cases that Sluice answers otherwise on purpose, by id, each with its reason. They are listed in docs/differences.md too. */
export const DIFFERENCES: ReadonlyMap<string, string> = new Map([
  ['archive-043', 'a path that ends in a slash makes the original write a zip that nobody can read'],
  ['dedupe-002', 'a message whose key fails is flagged and goes on; the original loses it'],
  ['dedupe-003', 'a message whose key fails is flagged and goes on; the original loses it'],
  ['dedupe-004', 'a message whose key fails is flagged and goes on; the original loses it'],
  ['log-014', 'the original panics'],
  ['rate_limit-006', 'a limit without places is refused; the original waits for ever'],
  ['rate_limit-007', 'a limit without places is refused; the original waits for ever'],
  ['rate_limit-008', 'a limit without an interval is refused; the original waits for ever'],
  ['resource-012', 'a resource that cannot be built is refused at the start; the original refuses each message'],
  ['strict-027', 'a result that failed is not kept by `cached`; the original keeps it as if it were sound'],
  ['switch-004', 'with `fallthrough` in the last case the original loses the message; it goes on'],
  ['switch-027', 'results of a case stand where their messages stood, also where the case split its batch'],
  ['switch-039', 'results of a case stand where their messages stood, also where the case selected parts'],
  ['workflow-018', 'failed branches of a record that cannot hold what failed flag it; the original tells nobody'],
  ['workflow-019', 'failed branches of a record that cannot hold what failed flag it; the original tells nobody'],
  ['unarchive-085', 'a message `null` that is no array keeps its content; the original empties it'],
]);
