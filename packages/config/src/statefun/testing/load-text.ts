import { compileConfig } from '../../load-config.ts';

export const EGRESS = '---\nkind: io.statefun.kinesis.v1/egress\nspec: {id: com.example/out}\n';
/** Gives the records of direct routes a stream. */
const SETTINGS = '---\nsluice: {egresses: {com.example/out: {stream: s}}}\n';

/** Compiles a module.yaml; `texts` are its problems, a line each. */
export function load(text: string, options: { strict?: boolean; env?: Record<string, string> } = {}) {
  const isRouted = text.includes('.v1/ingress') && text.includes('id: com.example/out}');
  const { config, problems } = compileConfig([{ name: 'm.yaml', text: isRouted ? `${text}${SETTINGS}` : text }], { env: {}, ...options });
  return { config, problems, texts: problems.map(({ code, line, column, message }) => `${code} ${line}:${column} ${message}`) };
}

/** A valid ingress with one more field. */
export const ingress = (field: string, options: { strict?: boolean } = {}) => {
  const streams = field.startsWith('streams') ? field : `${field}\n  streams: [{stream: s, valueType: a/b, targets: [com.example/out]}]`;
  return load(`#\nkind: io.statefun.kinesis.v1/ingress\nspec:\n  id: com.example/in\n\n  ${streams}\n${EGRESS}`, options);
};
