/**
 * Runs before each file of unit tests. Some of them fill the stack on purpose; where that happens while Node makes an error of its own,
 * `Error.stackTraceLimit` stays at 0, and inline snapshots of the next file in this process would not find where they stand.
 */
Error.stackTraceLimit = 100;
