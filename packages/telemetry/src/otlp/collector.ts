import type { Attributes } from '@opentelemetry/api';
import type { Logger } from '@sluice/core';

/** A collector that takes OTLP over HTTP. */
export interface Collector {
  /** Its base URL, or the whole URL. */
  readonly endpoint: string;
  readonly headers: Readonly<Record<string, string>>;
}

/** Who sends: `service.name`, `service.version`, `service.instance.id` and what the configuration adds. */
export type ResourceAttributes = Attributes;

/** The URL to which a signal is sent; `path` is added unless the URL ends so. */
export function urlOf({ endpoint }: Pick<Collector, 'endpoint'>, path: '/v1/metrics' | '/v1/traces'): string {
  const base = endpoint.replace(/\/+$/, '');
  return base.endsWith(path) ? base : `${base}${path}`;
}

/** Reports a collector that refuses or does not answer, once until it works again. */
export function createOutageReport(logger: Logger, what: string, url: string) {
  let isDown = false;
  return (error: Error | undefined): void => {
    if (error !== undefined && !isDown)
      logger.warn(`${what} could not be sent to the collector; trying again`, { url, error: error.message });
    if (error === undefined && isDown) logger.info(`${what} are sent to the collector again`, { url });
    isDown = error !== undefined;
  };
}
