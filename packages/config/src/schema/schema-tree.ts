/** What our schemas look like from the outside: which fields an object has, what is a leaf, what it defaults to. */
import { z } from 'zod';

export type AnySchema = z.core.$ZodType;

/** A schema without the wrappers that only say whether a value may be absent. */
export interface Unwrapped {
  readonly core: AnySchema;
  /** As a user would write it; `undefined` where there is none. */
  readonly defaultValue: unknown;
  readonly meta: Readonly<Record<string, unknown>>;
}

export function unwrap(schema: AnySchema): Unwrapped {
  let core = schema;
  let defaultValue: unknown;
  let meta = metaOf(schema);
  for (;;) {
    const def = (core as z.core.$ZodTypes)._zod.def;
    let inner: AnySchema;
    if (def.type === 'optional' || def.type === 'nullable' || def.type === 'readonly') inner = def.innerType;
    else if (def.type === 'prefault' || def.type === 'default') {
      inner = def.innerType;
      defaultValue ??= def.defaultValue;
    } else if (def.type === 'lazy') inner = def.getter();
    else if (def.type === 'pipe' && !isLeafPipe(def)) inner = def.in;
    else return { core, defaultValue, meta };
    core = inner;
    meta = { ...metaOf(core), ...meta };
  }
}

/** Our leaves are a check and a transform; an object with a transform is still an object. */
const isLeafPipe = (def: z.core.$ZodPipeDef): boolean => (def.in as z.core.$ZodTypes)._zod.def.type === 'custom';

const metaOf = (schema: AnySchema): Record<string, unknown> => ({ ...z.globalRegistry.get(schema) });

export type SchemaShape =
  | { readonly kind: 'object'; readonly fields: Readonly<Record<string, AnySchema>> }
  | { readonly kind: 'list'; readonly element: AnySchema }
  | { readonly kind: 'record'; readonly value: AnySchema }
  | { readonly kind: 'leaf' }
  /** Any value: the reader of the node decides. */
  | { readonly kind: 'opaque' };

export function shapeOf(core: AnySchema): SchemaShape {
  const def = (core as z.core.$ZodTypes)._zod.def;
  switch (def.type) {
    case 'object':
      return { kind: 'object', fields: def.shape };
    case 'array':
      return { kind: 'list', element: def.element };
    case 'record':
      return { kind: 'record', value: def.valueType };
    case 'unknown':
    case 'any':
      return { kind: 'opaque' };
    default:
      return { kind: 'leaf' };
  }
}
