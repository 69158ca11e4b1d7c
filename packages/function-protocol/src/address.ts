import { formatTypeName } from './type-name.ts';

/** Who a message is for, or from: a function's type and the id of one of its instances. */
export interface FunctionAddress {
  readonly namespace: string;
  readonly type: string;
  /** Any text, also the empty one. */
  readonly id: string;
}

/** `namespace/type`: the target of the function's lanes. */
export const functionTypeOf = ({ namespace, type }: FunctionAddress): string => formatTypeName({ namespace, name: type });

/** For logs and errors: `namespace/type/id`. */
export const formatAddress = (address: FunctionAddress): string => `${functionTypeOf(address)}/${address.id}`;
