import type { IfStatement, MetadataAssignment, Program, RootAssignment, Statement, VariableAssignment } from '../syntax/ast.ts';
import { clone } from '../value/clone.ts';
import { BloblangError } from '../value/errors.ts';
import { DELETED, isObject, NOTHING, setKey, type Value, type ValueObject } from '../value/kinds.ts';
import { assignPath, removePath } from './assignment.ts';
import { compileStatementCondition } from './branches.ts';
import { type Context, type Evaluate, type NamedMap, newFrame } from './context.ts';
import { compileExpression } from './expression.ts';
import { failedAssignment, MapDepthError } from './failures.ts';
import { goTypeName } from './go-type.ts';

/** How many maps may be entered within one another. */
const MAX_MAP_DEPTH = 5000;

type Run = (context: Context) => void;

/** Statements in order, and the maps they may apply. */
export interface CompiledProgram {
  readonly maps: ReadonlyMap<string, NamedMap>;
  /** Runs each statement. Throws `BloblangError` that names the line of the one that failed. */
  readonly run: Run;
}

export function compileProgram({ maps, statements }: Program): CompiledProgram {
  return {
    maps: new Map([...maps].map(([name, map]) => [name, compileMap(name, map.statements)])),
    run: compileStatements(statements),
  };
}

function compileMap(name: string, statements: readonly Statement[]): NamedMap {
  const run = compileStatements(statements);
  return {
    name,
    run(context) {
      const { maps, depth } = context.frame;
      if (depth >= MAX_MAP_DEPTH) throw new MapDepthError(name, MAX_MAP_DEPTH);
      const frame = newFrame(maps, new Map(), NOTHING, depth + 1);
      run(context.withFrame(frame));
      return frame.root === undefined ? NOTHING : frame.root;
    },
  };
}

/** Statements of which a failed one names its line. Those of a block name that of the whole `if`. */
function compileStatements(statements: readonly Statement[]): Run {
  const compiled = statements.map((statement) => ({ run: compileStatement(statement), line: statement.line }));
  return (context) => {
    for (const { run, line } of compiled) {
      try {
        run(context);
      } catch (error) {
        throw failedAssignment(error, line, context.frame.depth > 0);
      }
    }
  };
}

function compileStatement(statement: Statement): Run {
  switch (statement.kind) {
    case 'ifStatement':
      return compileIf(statement);
    case 'let':
      return compileLet(statement);
    case 'meta':
      return compileMeta(statement);
    case 'root':
      return compileRoot(statement);
  }
}

const evaluatorOf = (expression: RootAssignment['value']): Evaluate => compileExpression(expression).evaluate;

function compileIf({ branches }: IfStatement): Run {
  const compiled = branches.map(({ condition, statements }, index) => ({
    holds: condition === null ? () => true : compileStatementCondition(condition, index, evaluatorOf),
    runs: statements.map(compileStatement),
  }));
  return (context) => {
    const branch = compiled.find(({ holds }) => holds(context));
    for (const run of branch?.runs ?? []) run(context);
  };
}

function compileLet({ name, value }: VariableAssignment): Run {
  const evaluate = evaluatorOf(value);
  return (context) => {
    const result = evaluate(context);
    if (result === NOTHING) return;
    const { variables } = context.frame;
    if (variables === null) throw new BloblangError('variables were undefined');
    if (result === DELETED) variables.delete(name);
    else variables.set(name, result);
  };
}

function compileMeta({ key, value }: MetadataAssignment): Run {
  const evaluate = evaluatorOf(value);
  const write = key === null ? replaceMetadata : (metadata: ValueObject, result: Value) => writeMetadata(metadata, key, result);
  return (context) => {
    const result = evaluate(context);
    if (result === NOTHING) return;
    const metadata = context.frame.depth > 0 ? null : context.execution.writableMetadata();
    if (metadata === null) throw new BloblangError('unable to assign metadata in the current context');
    write(metadata, result);
  };
}

function writeMetadata(metadata: ValueObject, key: string, result: Value): void {
  if (result === DELETED) delete metadata[key];
  else setKey(metadata, key, clone(result));
}

function replaceMetadata(metadata: ValueObject, result: Value): void {
  if (result !== DELETED && !isObject(result)) {
    throw new BloblangError(`setting root meta object requires object value, received: ${goTypeName(result)}`);
  }
  const replacement = result === DELETED ? {} : (clone(result) as ValueObject);
  for (const key of Object.keys(metadata)) delete metadata[key];
  for (const key of Object.keys(replacement)) setKey(metadata, key, replacement[key]!);
}

function compileRoot({ path, value }: RootAssignment): Run {
  const evaluate = evaluatorOf(value);
  if (path.length === 0) {
    return (context) => {
      const result = evaluate(context);
      if (result !== NOTHING) context.frame.root = clone(result);
    };
  }
  return (context) => {
    const result = evaluate(context);
    if (result === NOTHING) return;
    const { frame } = context;
    const root = frame.root === NOTHING || frame.root === null || frame.root === undefined ? {} : frame.root;
    frame.root = root;
    if (result === DELETED) removePath(root, path);
    else frame.root = assignPath(root, path, clone(result));
  };
}
