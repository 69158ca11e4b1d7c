import type { FunctionDefinition } from '@sluice/bloblang';
import { fake } from './fake.ts';
import { snowflakeId } from './snowflake-id.ts';
import { ulid } from './ulid.ts';

/** Functions that the original offers in its larger distribution only. */
export const extendedFunctions: readonly FunctionDefinition[] = [fake, snowflakeId, ulid];
