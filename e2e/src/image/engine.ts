import { runProgram } from './run-program.ts';

const BASE_IMAGES = ['node:24-bookworm-slim', 'debian:bookworm-slim'];

/** Why the image cannot be built and run here; `undefined` where an engine answers and has, or can get, the base images. */
export async function missingEngine(): Promise<string | undefined> {
  if ((await runProgram('docker', ['version'])).code !== 0) return 'no Docker engine answers';
  for (const image of BASE_IMAGES) if (!(await hasImage(image))) return `the engine has no image ${image} and cannot pull it`;
  return undefined;
}

/** Whether the engine has the image, or has pulled it now. */
export async function hasImage(image: string): Promise<boolean> {
  if ((await runProgram('docker', ['image', 'inspect', image])).code === 0) return true;
  return (await runProgram('docker', ['pull', '--quiet', image])).code === 0;
}
