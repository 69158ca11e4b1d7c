const DEFAULT_SERVICE = 'http://169.254.169.254';
const TIMEOUT_MS = 1_000;

/**
 * The region that the instance metadata service (version 2) names, or `undefined` where there is none: off EC2, or switched off by
 * `AWS_EC2_METADATA_DISABLED`. The JavaScript SDK's own chain does not ask it; the Java and Go ones do.
 */
export async function instanceRegion(env: NodeJS.ProcessEnv): Promise<string | undefined> {
  if (env['AWS_EC2_METADATA_DISABLED']?.toLowerCase() === 'true') return undefined;
  const service = (env['AWS_EC2_METADATA_SERVICE_ENDPOINT'] ?? DEFAULT_SERVICE).replace(/\/$/, '');
  try {
    const token = await ask(`${service}/latest/api/token`, { method: 'PUT', headers: { 'x-aws-ec2-metadata-token-ttl-seconds': '60' } });
    return await ask(`${service}/latest/meta-data/placement/region`, { headers: { 'x-aws-ec2-metadata-token': token } });
  } catch {
    return undefined;
  }
}

async function ask(url: string, init: RequestInit): Promise<string> {
  const answer = await fetch(url, { ...init, signal: AbortSignal.timeout(TIMEOUT_MS) });
  if (!answer.ok) throw new Error(`${url} answered ${answer.status}`);
  return (await answer.text()).trim();
}
