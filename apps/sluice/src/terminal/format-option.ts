import { Option } from 'commander';

export type OutputFormat = 'text' | 'json';

/** `--format text|json`, for commands that other programs may read. */
export const formatOption = (): Option => new Option('--format <format>', 'how it is written').choices(['text', 'json']).default('text');
