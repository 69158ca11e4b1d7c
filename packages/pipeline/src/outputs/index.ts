import type { BuildOutput } from '../component.ts';
import { broker } from './broker.ts';
import { drop } from './drop.ts';
import { dropOn } from './drop-on.ts';
import { fallback } from './fallback.ts';
import { file } from './file.ts';
import { reject } from './reject.ts';
import { rejectErrored } from './reject-errored.ts';
import { retry } from './retry.ts';
import { stdout } from './stdout.ts';
import { switchCases } from './switch.ts';

/** Every output there is, by the name of its type. */
export const outputs: Readonly<Record<string, BuildOutput>> = {
  broker,
  drop,
  drop_on: dropOn,
  fallback,
  file,
  reject,
  reject_errored: rejectErrored,
  retry,
  stdout,
  switch: switchCases,
};
