/** Functions that take filters, or answer with places. */
import type { Value } from '@sluice/values';
import { valueAtPath } from './access.ts';
import { cannotApply, JqError } from './errors.ts';
import { isNumeric, wholeOf } from './numbers.ts';
import { operate } from './operators.ts';
import { compare } from './order.ts';
import { collected, eachArgument, eachOf, isTrue, nowhere, pathsOf } from './runs.ts';
import type { Emit, Env, Path, Run } from './scope.ts';
import { HaltError, stoppable } from './signals.ts';
import { countStep } from './steps.ts';
import { toJson } from './text.ts';

type Special = (args: readonly Run[]) => Run;

/** Text of what was thrown. */
const errorText = (thrown: Value): string => `error: ${typeof thrown === 'string' ? thrown : toJson(thrown)}`;

/** What `error` throws. */
const thrown = (what: Value): JqError => new JqError(errorText(what), what);

interface Place {
  readonly value: Value;
  readonly path: Path;
}

const resultsOf = (run: Run, env: Env, { value, path }: Place): Place[] => {
  const results: Place[] = [];
  run(env, value, path, (found, at) => results.push({ value: found, path: at }));
  return results;
};

/** A value, what `next` makes of it, and so on, as long as `goesOn`; each before what comes of it. */
function unfold(start: Place, next: (place: Place) => Place[], goesOn: (place: Place) => boolean, emit: Emit): void {
  const open = [start];
  for (let place = open.pop(); place; place = open.pop()) {
    countStep();
    if (!goesOn(place)) continue;
    emit(place.value, place.path);
    open.push(...next(place).reverse());
  }
}

const recurse: Special =
  ([by]) =>
  (env, value, path, emit) =>
    unfold(
      { value, path },
      (place) => resultsOf(by!, env, place),
      () => true,
      emit,
    );

const recurseAll: Special = () => (_, value, path, emit) => {
  const children = (place: Place): Place[] => {
    const found: Place[] = [];
    if (typeof place.value === 'object' && place.value !== null && !isNumeric(place.value)) {
      eachOf(place.value, place.path, (child, at) => found.push({ value: child, path: at }));
    }
    return found;
  };
  unfold({ value, path }, children, () => true, emit);
};

const whileTrue: Special =
  ([condition, next]) =>
  (env, value, path, emit) =>
    unfold(
      { value, path },
      (place) => resultsOf(next!, env, place),
      (place) => collected(condition!, env, place.value).some(isTrue),
      emit,
    );

const until: Special =
  ([condition, next]) =>
  (env, value, path, emit) => {
    const open: Place[] = [{ value, path }];
    for (let place = open.pop(); place; place = open.pop()) {
      countStep();
      if (collected(condition!, env, place.value).some(isTrue)) emit(place.value, place.path);
      else open.push(...resultsOf(next!, env, place).reverse());
    }
  };

/** The results for one and the same value, over and over, as gojq has it. */
const repeat: Special =
  ([of]) =>
  (env, value, path, emit) => {
    for (;;) {
      countStep();
      of!(env, value, path, emit);
    }
  };

const range: Special = (args) => {
  const bounds: readonly Run[] = args.length === 1 ? [constant(0), ...args] : args;
  const all = bounds.length === 2 ? [...bounds, constant(1)] : bounds;
  return (env, value, path, emit) =>
    // The first argument is the slowest here.
    eachArgument([...all].reverse(), env, value, (reversed) => {
      const [from, to, by] = reversed.reverse() as [Value, Value, Value];
      for (const bound of [from, to, by]) if (!isNumeric(bound)) throw cannotApply('range', bound);
      const direction = Math.sign(compare(by, 0));
      if (direction === 0) return;
      for (let at = from; direction * compare(at, to) < 0; at = operate('+', at, by)) {
        countStep();
        emit(at, nowhere(path));
      }
    });
};

const constant =
  (value: Value): Run =>
  (_, __, path, emit) =>
    emit(value, nowhere(path));

const limit: Special =
  ([count, items]) =>
  (env, value, path, emit) =>
    count!(env, value, undefined, (most) => {
      if (compare(most, 0) < 0) throw thrown("limit doesn't support negative count");
      let left = most;
      if (compare(left, 0) <= 0) return;
      stoppable((stop) =>
        items!(env, value, path, (item, at) => {
          left = operate('-', left, 1);
          emit(item, at);
          if (compare(left, 0) <= 0) stop();
        }),
      );
    });

const first: Special =
  ([items]) =>
  (env, value, path, emit) => {
    let found: Place | undefined;
    stoppable((stop) =>
      items!(env, value, path, (item, at) => {
        found = { value: item, path: at };
        stop();
      }),
    );
    if (found) emit(found.value, found.path);
  };

const last: Special =
  ([items]) =>
  (env, value, path, emit) => {
    const found = resultsOf(items!, env, { value, path }).at(-1);
    if (found) emit(found.value, found.path);
  };

const isEmpty: Special =
  ([items]) =>
  (env, value, path, emit) => {
    let isThere = false;
    stoppable((stop) =>
      items!(env, value, undefined, () => {
        isThere = true;
        stop();
      }),
    );
    emit(!isThere, nowhere(path));
  };

const select: Special =
  ([condition]) =>
  (env, value, path, emit) =>
    condition!(env, value, undefined, (answer) => {
      if (isTrue(answer)) emit(value, path);
    });

const getPath: Special =
  ([paths]) =>
  (env, value, path, emit) =>
    paths!(env, value, undefined, (inner) => {
      const found = valueAtPath(value, inner);
      emit(found, path === undefined || path === 'nowhere' ? path : [...path, ...(inner as Value[])]);
    });

const path: Special =
  ([of]) =>
  (env, value, at, emit) => {
    for (const found of pathsOf(of!, env, value)) emit(found, nowhere(at));
  };

const haltError: Special = (args) => (env, value) =>
  eachArgument(args, env, value, ([code = 5]) => {
    if (wholeOf(code) === undefined) throw cannotApply('halt_error', code);
    throw new HaltError(`halt ${errorText(value)}`, value);
  });

const error: Special = (args) => (env, value) =>
  eachArgument(args, env, value, ([what = value]) => {
    throw thrown(what);
  });

export const specials: ReadonlyMap<string, Special> = new Map<string, Special>([
  ['empty/0', () => () => undefined],
  ['error/0', error],
  ['error/1', error],
  ['first/1', first],
  ['getpath/1', getPath],
  [
    'halt/0',
    () => () => {
      throw new HaltError('halt error: null', null);
    },
  ],
  ['halt_error/0', haltError],
  ['halt_error/1', haltError],
  ['isempty/1', isEmpty],
  ['last/1', last],
  ['limit/2', limit],
  ['path/1', path],
  ['range/1', range],
  ['range/2', range],
  ['range/3', range],
  ['recurse/0', recurseAll],
  ['recurse/1', recurse],
  ['repeat/1', repeat],
  ['select/1', select],
  ['until/2', until],
  ['while/2', whileTrue],
]);
