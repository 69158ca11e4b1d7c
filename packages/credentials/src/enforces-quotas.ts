/** Whether an endpoint is that of Kinesis itself, which enforces its quotas, and not of something that stands in for it. */
export const enforcesQuotas = (endpoint: string | undefined): boolean =>
  endpoint === undefined || /\.amazonaws\.com(?:\.cn)?$/.test(URL.parse(endpoint)?.hostname ?? '');
