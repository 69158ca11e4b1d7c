import { badTypeName, parseTypeName } from '@sluice/function-protocol/type-name';
import type { Endpoint, EndpointTransport } from '../model/endpoint.ts';
import { didYouMean } from '../schema/suggest.ts';
import { resolveJacksonScalar } from '../yaml/jackson-scalar.ts';
import { describeNode, ScalarNode } from '../yaml/node.ts';
import type { SpecReader } from './spec-reader.ts';
import { compileOlderTransport, compileTransport, OKHTTP } from './transport.ts';

export type EndpointVersion = 'v1' | 'v2';

export function compileEndpoint(spec: SpecReader, version: EndpointVersion): Endpoint {
  const functions = version === 'v1' ? spec.textual('functions') : spec.string('functions');
  const { namespace, name } = readFunctions(functions, spec);
  const urlPathTemplate = version === 'v1' ? spec.textual('urlPathTemplate') : spec.string('urlPathTemplate');
  if (version === 'v1') requireInteger(spec);
  const known = ['functions', 'urlPathTemplate', 'maxNumBatchRequests', version === 'v1' ? 'timeouts' : 'transport'];
  spec.warnAboutUnknown(known, didYouMean);
  const transport = version === 'v1' ? compileOlderTransport(spec) : compileTransport(spec.object('transport'), spec);
  warnAboutTemplate(urlPathTemplate, transport, spec);
  return {
    id: functions.replace(/\/+$/, ''),
    namespace,
    name,
    urlPathTemplate,
    maxNumBatchRequests: spec.int('maxNumBatchRequests', 1000),
    transport,
    position: spec.node.position,
  };
}

function readFunctions(text: string, spec: SpecReader): { namespace: string; name: string | undefined } {
  const typeName = parseTypeName(text);
  if (!typeName) throw spec.fault('functions', badTypeName(text));
  const { namespace, name } = typeName;
  if (namespace.includes('*') || (name.includes('*') && name !== '*')) {
    throw spec.fault('functions', 'invalid syntax for target functions; only `<namespace>/<name>` or `<namespace>/*` are supported');
  }
  return { namespace, name: name === '*' ? undefined : name };
}

/** The older kind takes no quoted number. */
function requireInteger(spec: SpecReader): void {
  const value = spec.get('maxNumBatchRequests');
  if (!value || (value instanceof ScalarNode && resolveJacksonScalar(value).type === 'int')) return;
  throw spec.fault('maxNumBatchRequests', `expected an integer, got ${describeNode(value)}`, 'field.type');
}

function warnAboutTemplate(template: string, transport: EndpointTransport, spec: SpecReader): void {
  const position = spec.require('urlPathTemplate').position;
  const stripped = template.replaceAll('{function.name}', 'x');
  if (/[{}]/.test(stripped))
    spec.log.error('connector.invalid-value', position, '`urlPathTemplate`: only `{function.name}` is filled in; other braces make no URL');
  else if (!URL.canParse(stripped))
    spec.log.error('connector.invalid-value', position, '`urlPathTemplate`: expected a URL such as `http://host:8000/{function.name}`');
  else if (/^https?\+unix:/.test(stripped) && transport.type === 'async') {
    spec.log.tolerate(
      'connector.invalid-value',
      position,
      `Stateful Functions reaches a Unix socket only with \`transport: {type: ${OKHTTP}}\``,
    );
  }
}
