import type { BuildInput } from '../component.ts';
import { batched } from './batched.ts';
import { broker } from './broker.ts';
import { csv } from './csv.ts';
import { file } from './file.ts';
import { generate } from './generate.ts';
import { httpServer } from './http-server.ts';
import { inproc } from './inproc.ts';
import { readUntil } from './read-until.ts';
import { resource } from './resource.ts';
import { sequence } from './sequence.ts';
import { stdin } from './stdin.ts';

/** Every input there is, by the name of its type. */
export const inputs: Readonly<Record<string, BuildInput>> = {
  batched,
  broker,
  csv,
  file,
  generate,
  http_server: httpServer,
  inproc,
  read_until: readUntil,
  resource,
  sequence,
  stdin,
};
