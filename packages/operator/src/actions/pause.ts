import { plural } from '@sluice/core';
import { pauseGroup, readPause, resumeGroup } from '@sluice/lease';
import { z } from 'zod';
import { findGroup, type GroupKind, membersOf } from '../groups/find-group.ts';
import { pauseText } from '../pauses.ts';
import { defineAction } from './action.ts';

const WHAT_IT_MEANS: Readonly<Record<GroupKind, string>> = {
  ingress: 'its shards are read by nobody, and their checkpoints stay; records older than the retention of the stream are lost to it',
  target: 'its lanes are emptied by nobody and fill up to the high-water mark; then the readers that feed it wait too',
};

/** An egress and a function are both targets. */
const kind = z
  .enum(['ingress', 'target', 'egress', 'function'])
  .transform((text): GroupKind => (text === 'ingress' ? 'ingress' : 'target'))
  .optional();

export const pause = defineAction({
  name: 'pause',
  title: 'Pause',
  schema: z.strictObject({ name: z.string(), kind, reason: z.string().default('') }),
  async plan(operator, { name, kind, reason }) {
    const group = await findGroup(operator, name, kind);
    const before = await readPause(operator.session, group.key);
    const facts = { kind: group.kind, reason };
    if (before) return { lines: [`${group.kind} ${name} is ${pauseText(before)}`], subject: name, facts, changes: false };
    const lines = [
      `pause ${group.kind} ${name}: ${plural(await membersOf(operator.session, group.key), 'worker')} will give back their leases, each after what it has in hand`,
      `meanwhile ${WHAT_IT_MEANS[group.kind]}`,
    ];
    return { lines, subject: name, facts, changes: true };
  },
  async run(operator, { name, kind, reason }, { by }) {
    const { key } = await findGroup(operator, name, kind);
    await pauseGroup(operator.session, key, { by, reason });
    return { lines: [`paused; \`sluice resume ${name}\` takes it back`] };
  },
});

export const resume = defineAction({
  name: 'resume',
  title: 'Resume',
  schema: z.strictObject({ name: z.string(), kind }),
  async plan(operator, { name, kind }) {
    const group = await findGroup(operator, name, kind);
    const before = await readPause(operator.session, group.key);
    const lines = [before ? `resume ${group.kind} ${name}, ${pauseText(before)}` : `${group.kind} ${name} is not paused`];
    return { lines, subject: name, facts: { kind: group.kind }, changes: before !== undefined };
  },
  async run(operator, { name, kind }) {
    const { key } = await findGroup(operator, name, kind);
    await resumeGroup(operator.session, key);
    return { lines: ['resumed'] };
  },
});
