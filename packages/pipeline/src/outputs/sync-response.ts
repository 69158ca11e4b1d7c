import type { BuildOutput } from '../component.ts';
import { withoutFailed } from '../stages/without-failed.ts';
import { countedDelivery } from './counted.ts';

/** `sync_response`: answers whoever sent the messages with what has become of them. */
export const syncResponse: BuildOutput = (settings, context) => {
  const answer = countedDelivery(
    async ({ messages, respond, settle }) => {
      respond?.(messages);
      settle();
    },
    settings,
    context,
  );
  return async (delivery) => {
    const sound = context.refusesFailed ? withoutFailed(delivery, 'rejected due to failed processing') : delivery;
    if (sound) await answer(sound);
  };
};
