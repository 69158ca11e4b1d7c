import type { BuildOutput } from '../component.ts';
import { drop } from './drop.ts';
import { file } from './file.ts';
import { reject } from './reject.ts';
import { stdout } from './stdout.ts';

/** Every output there is, by the name of its type. */
export const outputs: Readonly<Record<string, BuildOutput>> = { drop, file, reject, stdout };
