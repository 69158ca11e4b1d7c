import type { SourcePosition } from '../model/position.ts';
import type { ProblemLog } from '../problem/problem.ts';

const REGION = /^[a-z]+(?:-[a-z]+)+-\d+$/;

/** Warns of what no region is called. What looks like an interpolation is reported as such. @param name of the setting */
export function checkRegion(name: string, region: string, position: SourcePosition, log: ProblemLog): void {
  if (REGION.test(region) || region === '' || region.includes('${')) return;
  log.warn('field.value', position, `\`${name}\`: \`${region}\` does not look like an AWS region such as \`eu-west-1\``);
}

/** The region in the URL of a queue, `https://sqs.REGION.amazonaws.com/…`. */
export const regionOfQueue = (url: string): string | undefined => /^https:\/\/sqs\.([a-z0-9-]+)\.amazonaws\./.exec(url)?.[1];
