import { SluiceError } from '@sluice/core';

/** The configuration is right and asks for nothing. */
export class NothingToRunError extends SluiceError {
  readonly code = 'NOTHING_TO_RUN';
  readonly disposition = 'fatal';

  constructor(files: readonly string[], expected: string) {
    super(`expected ${expected}, found none in ${files.join(', ')}`);
  }
}

/** The configuration has an input or output that needs no lanes, and parts that workers run. */
export class NotAloneError extends SluiceError {
  readonly code = 'NOT_ALONE';
  readonly disposition = 'fatal';

  constructor(files: readonly string[]) {
    super(
      `expected either an input and an output that run in one process or ingresses and endpoints for workers, found both in ${files.join(', ')}: run them by themselves`,
    );
  }
}

/** The configuration has an output and no input that Sluice reads, so that nothing would ever move. */
export class NoInputError extends SluiceError {
  readonly code = 'NO_INPUT';
  readonly disposition = 'fatal';

  constructor(files: readonly string[]) {
    super(
      `expected an input to read from, found only outputs in ${files.join(', ')}: add an \`aws_kinesis\` input or an ingress of a module.yaml, or say --egress-only if other programs put the records on these outputs`,
    );
  }
}

/** A flag was given that what is to run does not honour. */
export class RunFlagError extends SluiceError {
  readonly code = 'RUN_FLAG_INEFFECTIVE';
  readonly disposition = 'fatal';

  constructor(flag: string, why: string) {
    super(`\`${flag}\` has no effect in a pipeline in one process: ${why}; leave it out`);
  }
}
