import type { Ingress, IngressStream, SluiceConfig } from '@sluice/config';
import { ImportUsageError } from './errors.ts';

/**
 * The ingress of a configuration that goes on where another application stopped.
 * @throws {ImportUsageError} there is none, or several and no id
 */
export function chooseIngress({ ingresses }: Pick<SluiceConfig, 'ingresses'>, id: string | undefined): Ingress {
  const ids = ingresses.map((ingress) => ingress.id).join(', ');
  if (ingresses.length === 0) throw new ImportUsageError('expected a configuration with an ingress, found none; name it with --config');
  const found = id === undefined && ingresses.length === 1 ? ingresses[0] : ingresses.find((ingress) => ingress.id === id);
  if (found) return found;
  throw new ImportUsageError(`expected one of ${ids} as --ingress, found ${id ?? 'none'}`);
}

/**
 * The streams of it that are meant.
 * @throws {ImportUsageError} it does not read the stream
 */
export function chooseStreams({ id, streams }: Ingress, name: string | undefined): readonly IngressStream[] {
  if (name === undefined) return streams;
  const found = streams.filter(({ stream }) => stream === name);
  if (found.length > 0) return found;
  throw new ImportUsageError(`expected a stream of ${id}, ${streams.map(({ stream }) => stream).join(', ')}, found ${name}`);
}
