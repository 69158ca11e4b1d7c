import type { BuildOutput } from '../component.ts';
import type { Delivery } from '../delivery.ts';
import { withoutFailed } from '../stages/without-failed.ts';

/** `sync_response`: answers whoever sent the messages with what has become of them. */
export const syncResponse: BuildOutput =
  (_, { refusesFailed }) =>
  async (delivery) => {
    const sound: Delivery | undefined = refusesFailed ? withoutFailed(delivery, 'rejected due to failed processing') : delivery;
    if (!sound) return;
    sound.respond?.(sound.messages);
    sound.settle();
  };
