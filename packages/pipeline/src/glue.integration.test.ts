import { once } from 'node:events';
import { createServer } from 'node:http';
import { expect, it } from 'vitest';
import { runText } from './testing/rig.ts';

it('decodes by schemas of AWS Glue, with the session of the processor', async () => {
  const asked: (string | undefined)[] = [];
  const server = createServer((request, response) => {
    asked.push(request.headers.authorization?.replace(/^.*Credential=(\w+)\/\d+\/([^/]+)\/(\w+)\/.*$/, '$1 $2 $3'));
    response.writeHead(200, { 'content-type': 'application/x-amz-json-1.1' });
    response.end(JSON.stringify({ SchemaDefinition: '"string"', DataFormat: 'AVRO', Status: 'AVAILABLE' }));
  });
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  const { port } = server.address() as { port: number };
  const text = `
input: { stdin: {} }
pipeline:
  threads: 1
  processors:
    - mapping: root = content().decode("base64")
    - glue_schema_registry_decode:
        region: eu-west-1
        endpoint: http://127.0.0.1:${port}
        credentials: { id: mine, secret: hidden }
output: { stdout: {} }
`;
  const record = (value: string) => {
    const bytes = Buffer.concat([Buffer.from([3, 0]), Buffer.alloc(16, 7), Buffer.from([2 * value.length]), Buffer.from(value)]);
    return bytes.toString('base64');
  };
  await expect(runText(text, { stdin: `${record('one')}\n${record('two')}\n` })).resolves.toBe('"one"\n"two"\n');
  expect(asked).toEqual(['mine eu-west-1 glue']);
  server.closeAllConnections();
  server.close();
  await once(server, 'close');
});
