import { BloblangError, clone, DELETED, goTypeName, isObject, setKey, type Value, type ValueObject } from '@sluice/values';
import { type Context, writableVariables } from '../query/context.ts';
import { toMetadata } from '../query/metadata.ts';
import type { Assignment, MetadataAssignment, RootAssignment, VariableAssignment } from '../syntax/ast.ts';
import { replaceRoot, writeField } from './root-document.ts';

/** Where a value goes; `nothing()` never gets there. */
type Apply = (context: Context, result: Value) => void;

export function targetOf(statement: Assignment, copies: boolean): Apply {
  switch (statement.kind) {
    case 'let':
      return variableTarget(statement);
    case 'meta':
      return metadataTarget(statement, copies);
    case 'root':
      return rootTarget(statement, copies);
  }
}

const variableTarget =
  ({ name }: VariableAssignment): Apply =>
  ({ frame }, result) => {
    const variables = writableVariables(frame);
    if (variables === null) throw new BloblangError('variables were undefined');
    if (result === DELETED) variables.delete(name);
    else variables.set(name, result);
  };

function metadataTarget({ key }: MetadataAssignment, copies: boolean): Apply {
  const write = key === null ? replaceMetadata : (metadata: ValueObject, result: Value) => writeMetadata(metadata, key, result);
  return ({ frame, execution }, result) => {
    const metadata = frame.depth > 0 ? null : execution.writableMetadata();
    if (metadata === null) throw new BloblangError('unable to assign metadata in the current context');
    write(metadata, toMetadata(copies || frame.isShared ? clone(result) : result));
  };
}

function writeMetadata(metadata: ValueObject, key: string, result: Value): void {
  if (result === DELETED) delete metadata[key];
  else setKey(metadata, key, result);
}

function replaceMetadata(metadata: ValueObject, result: Value): void {
  if (result !== DELETED && !isObject(result)) {
    throw new BloblangError(`setting root meta object requires object value, received: ${goTypeName(result)}`);
  }
  const replacement: ValueObject = isObject(result) ? { ...result } : {};
  for (const key of Object.keys(metadata)) delete metadata[key];
  for (const key of Object.keys(replacement)) setKey(metadata, key, replacement[key]!);
}

const rootTarget = ({ path }: RootAssignment, copies: boolean): Apply =>
  path.length === 0
    ? ({ frame }, result) => replaceRoot(frame, result, copies)
    : ({ frame }, result) => writeField(frame, path, result, copies);
