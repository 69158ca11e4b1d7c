import type { BuildInput } from '../component.ts';
import { batched } from './batched.ts';
import { file } from './file.ts';
import { generate } from './generate.ts';
import { stdin } from './stdin.ts';

/** Every input there is, by the name of its type. */
export const inputs: Readonly<Record<string, BuildInput>> = { batched, file, generate, stdin };
