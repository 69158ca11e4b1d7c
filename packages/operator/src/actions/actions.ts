import { importCheckpoints } from './checkpoints.ts';
import { importDeadLetters, redriveDeadLetters, removeDeadLetters } from './dead-letters.ts';
import { retryFunctions, skipFunctions } from './functions.ts';
import { dropJob } from './jobs.ts';
import { resizeLanes } from './lanes.ts';
import { move } from './move.ts';
import { pause, resume } from './pause.ts';
import { rewindIngress } from './rewind.ts';
import { deleteState, importState, setState } from './state.ts';
import { forgetStreams } from './streams.ts';

/** Every action, by its name. */
export const ACTIONS = {
  pause,
  resume,
  rewind: rewindIngress,
  'checkpoints.import': importCheckpoints,
  move,
  'lanes.resize': resizeLanes,
  'jobs.drop': dropJob,
  'dead_letters.redrive': redriveDeadLetters,
  'dead_letters.remove': removeDeadLetters,
  'dead_letters.import': importDeadLetters,
  'functions.retry': retryFunctions,
  'functions.skip': skipFunctions,
  'streams.forget': forgetStreams,
  'state.set': setState,
  'state.delete': deleteState,
  'state.import': importState,
} as const;

export type ActionName = keyof typeof ACTIONS;
