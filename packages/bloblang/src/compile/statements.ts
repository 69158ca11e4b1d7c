import type {
  Assignment,
  Expression,
  IfStatement,
  MetadataAssignment,
  Program,
  RootAssignment,
  Statement,
  VariableAssignment,
} from '../syntax/ast.ts';
import { clone } from '../value/clone.ts';
import { BloblangError } from '../value/errors.ts';
import { goTypeName } from '../value/go-type.ts';
import { DELETED, isObject, NOTHING, setKey, type Value, type ValueObject } from '../value/kinds.ts';
import { compileStatementCondition } from './branches.ts';
import { type Context, type Evaluate, type NamedMap, newFrame } from './context.ts';
import { compileExpression } from './expression.ts';
import { failedAssignment, MAX_MAP_DEPTH, MapDepthError } from './failures.ts';
import { readsRoot } from './reads-root.ts';
import { resumableOf, runToEnd } from './resumable.ts';
import { replaceRoot, writeField } from './root-document.ts';

type Run = (context: Context) => void;

/** Statements in order, and the maps they may apply. */
export interface CompiledProgram {
  /** The statements as a map without a name, for running them on a value. */
  readonly main: NamedMap;
  readonly maps: ReadonlyMap<string, NamedMap>;
  /** Runs each statement. Throws `BloblangError` that names the line of the one that failed. */
  readonly run: Run;
}

export function compileProgram({ maps, statements }: Program): CompiledProgram {
  return {
    main: compileMap('', statements),
    maps: new Map([...maps].map(([name, map]) => [name, compileMap(name, map.statements)])),
    run: compileStatements(statements, null).run,
  };
}

/** From this depth on maps run one after the other instead of within one another. */
const RESUMABLE_DEPTH = 64;

function compileMap(name: string, statements: readonly Statement[]): NamedMap {
  const body = compileStatements(statements, name);
  const enter = (context: Context): Context => {
    const { maps, depth } = context.frame;
    if (depth >= MAX_MAP_DEPTH) throw new MapDepthError(name);
    return context.withFrame(newFrame(maps, new Map(), NOTHING, depth + 1));
  };
  const map: NamedMap = {
    name,
    run(context) {
      if (context.frame.depth >= RESUMABLE_DEPTH) return runToEnd(map, context);
      const inner = enter(context);
      body.run(inner);
      return rootOf(inner);
    },
    *steps(context) {
      const inner = enter(context);
      yield* body.steps(inner);
      return rootOf(inner);
    },
  };
  return map;
}

const rootOf = ({ frame: { root } }: Context): Value => (root === undefined ? NOTHING : root);

type Pausing = (context: Context) => Generator<{ map: NamedMap; context: Context }, void, Value>;

/** A statement: on the stack, or pausing wherever it applies a map. */
interface Compiled {
  readonly run: Run;
  /** `null` if it cannot pause. */
  readonly steps: Pausing | null;
}

/** Statements of which a failed one names its line. Those of a block name that of the whole `if`. */
function compileStatements(statements: readonly Statement[], mapName: string | null): { readonly run: Run; readonly steps: Pausing } {
  const copies = readsRoot(statements);
  const compiled = statements.map((statement) => ({ ...compileStatement(statement, copies), line: statement.line }));
  const run: Run = (context) => {
    for (const { run, line } of compiled) {
      try {
        run(context);
      } catch (error) {
        throw failedAssignment(error, line, mapName);
      }
    }
  };
  const steps: Pausing = function* (context) {
    for (const { run, steps, line } of compiled) {
      try {
        if (steps === null) run(context);
        else yield* steps(context);
      } catch (error) {
        throw failedAssignment(error, line, mapName);
      }
    }
  };
  return { run, steps };
}

/** `copies` if assigned values are copied at once, see `root-document.ts`. */
function compileStatement(statement: Statement, copies: boolean): Compiled {
  if (statement.kind === 'ifStatement') return compileIf(statement, copies);
  const { value } = statement;
  const apply = targetOf(statement, copies);
  const evaluate = compileExpression(value).evaluate;
  const resumable = resumableOf(value);
  return {
    run: (context) => {
      const result = evaluate(context);
      if (result !== NOTHING) apply(context, result);
    },
    steps:
      resumable &&
      function* (context) {
        const result = yield* resumable(context);
        if (result !== NOTHING) apply(context, result);
      },
  };
}

/** Where a value goes; `nothing()` never gets there. */
type Apply = (context: Context, result: Value) => void;

function targetOf(statement: Assignment, copies: boolean): Apply {
  switch (statement.kind) {
    case 'let':
      return variableTarget(statement);
    case 'meta':
      return metadataTarget(statement, copies);
    case 'root':
      return rootTarget(statement, copies);
  }
}

const evaluatorOf = (expression: Expression): Evaluate => compileExpression(expression).evaluate;

function compileIf({ branches }: IfStatement, copies: boolean): Compiled {
  const compiled = branches.map(({ condition, statements }, index) => ({
    holds: condition === null ? () => true : compileStatementCondition(condition, index, evaluatorOf),
    body: statements.map((inner) => compileStatement(inner, copies)),
  }));
  const bodyFor = (context: Context): readonly Compiled[] => compiled.find(({ holds }) => holds(context))?.body ?? [];
  const canPause = compiled.some(({ body }) => body.some(({ steps }) => steps !== null));
  return {
    run: (context) => {
      for (const { run } of bodyFor(context)) run(context);
    },
    steps: canPause
      ? function* (context) {
          for (const { run, steps } of bodyFor(context)) {
            if (steps === null) run(context);
            else yield* steps(context);
          }
        }
      : null,
  };
}

const variableTarget =
  ({ name }: VariableAssignment): Apply =>
  ({ frame: { variables } }, result) => {
    if (variables === null) throw new BloblangError('variables were undefined');
    if (result === DELETED) variables.delete(name);
    else variables.set(name, result);
  };

function metadataTarget({ key }: MetadataAssignment, copies: boolean): Apply {
  const write = key === null ? replaceMetadata : (metadata: ValueObject, result: Value) => writeMetadata(metadata, key, result);
  return ({ frame, execution }, result) => {
    const metadata = frame.depth > 0 ? null : execution.writableMetadata();
    if (metadata === null) throw new BloblangError('unable to assign metadata in the current context');
    write(metadata, copies || frame.isShared ? clone(result) : result);
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
