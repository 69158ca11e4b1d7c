import { NOTHING, type Value } from '@sluice/values';
import { type Context, type NamedMap, NO_VARIABLES, newFrame } from '../query/context.ts';
import type { IfStatement, Program, Statement } from '../syntax/ast.ts';
import { compileStatementCondition } from './branches.ts';
import type { ExpressionCompiler } from './expression-compiler.ts';
import { failedAssignment, MAX_MAP_DEPTH, MapDepthError } from './failures.ts';
import { compileChoice } from './message-choice.ts';
import { readsRoot } from './reads-root.ts';
import { ResumableCompiler, runToEnd } from './resumable.ts';
import { startDraft } from './root-document.ts';
import { targetOf } from './targets.ts';

type Run = (context: Context) => void;

/** Statements in order, and the maps they may apply. */
export interface CompiledProgram {
  /** The statements as a map without a name, for running them on a value. */
  readonly main: NamedMap;
  readonly maps: ReadonlyMap<string, NamedMap>;
  /** Runs each statement. Throws `BloblangError` that names the line of the one that failed. */
  readonly run: Run;
}

/** Compiles a program whose calls `expressions` has bound. */
export const compileProgram = (program: Program, expressions: ExpressionCompiler): CompiledProgram =>
  new ProgramCompiler(expressions).compile(program);

/** From this depth on maps run one after the other instead of within one another. */
const RESUMABLE_DEPTH = 64;

const rootOf = ({ frame: { root } }: Context): Value => (root === undefined ? NOTHING : root);

type Pausing = (context: Context) => Generator<{ map: NamedMap; context: Context }, void, Value>;

/** A statement: on the stack, or pausing wherever it applies a map. */
interface Compiled {
  readonly run: Run;
  /** `null` if it cannot pause. */
  readonly steps: Pausing | null;
}

class ProgramCompiler {
  private readonly expressions: ExpressionCompiler;
  private readonly resumables: ResumableCompiler;

  constructor(expressions: ExpressionCompiler) {
    this.expressions = expressions;
    this.resumables = new ResumableCompiler(expressions);
  }

  compile({ maps, statements }: Program): CompiledProgram {
    return {
      main: this.map('', statements),
      maps: new Map([...maps].map(([name, map]) => [name, this.map(name, map.statements)])),
      run: this.statements(statements, null).run,
    };
  }

  private map(name: string, statements: readonly Statement[]): NamedMap {
    const body = this.statements(statements, name);
    const enter = (context: Context): Context => {
      const { maps, depth } = context.frame;
      if (depth >= MAX_MAP_DEPTH) throw new MapDepthError(name);
      return context.withFrame(newFrame(maps, NO_VARIABLES, NOTHING, depth + 1));
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

  /** Statements of which a failed one names its line. Those of a block name that of the whole `if`. */
  private statements(statements: readonly Statement[], mapName: string | null): { readonly run: Run; readonly steps: Pausing } {
    const copies = readsRoot(statements);
    const compiled = statements.map((statement) => ({ ...this.statement(statement, copies), line: statement.line }));
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
  private statement(statement: Statement, copies: boolean): Compiled {
    if (statement.kind === 'ifStatement') return this.ifStatement(statement, copies);
    const { value } = statement;
    const apply = targetOf(statement, copies);
    const evaluate = this.expressions.compile(value).evaluate;
    const resumable = this.resumables.compile(value);
    const choose =
      statement.kind === 'root' && statement.path.length === 0 && !copies ? compileChoice(value, this.expressions.evaluatorOf) : undefined;
    return {
      run: (context) => {
        const choice = choose?.(context);
        if (choice?.isThis && startDraft(context)) return;
        const result = (choice?.evaluate ?? evaluate)(context);
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

  private ifStatement({ branches }: IfStatement, copies: boolean): Compiled {
    const compiled = branches.map(({ condition, statements }, index) => ({
      holds: condition === null ? () => true : compileStatementCondition(condition, index, this.expressions.evaluatorOf),
      body: statements.map((inner) => this.statement(inner, copies)),
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
}
