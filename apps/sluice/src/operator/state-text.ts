import { expiryAsJson, type StatefulAddress, type StateValue, valueAsJson } from '@sluice/operator';
import { bytesText } from '../terminal/quantities.ts';
import { type Column, renderTable } from '../terminal/table.ts';
import { payloadText } from './dead-letter-text.ts';

const shortened = (text: string, length: number): string => (text.length > length ? `${text.slice(0, length - 1)}…` : text);

const VALUES: readonly Column<StateValue>[] = [
  { title: 'name', value: ({ name }) => name },
  { title: 'type', value: ({ typename }) => shortened(typename, 28) },
  { title: 'value', value: (value) => shortened(valueText(value), 36) },
  { title: 'expires', value: ({ expiresAtMs }) => (expiresAtMs === undefined ? 'never' : new Date(expiresAtMs).toISOString()) },
];

export const renderValues = (values: readonly StateValue[]): string => renderTable(VALUES, values);

function valueText(value: StateValue): string {
  const json = valueAsJson(value);
  if ('value' in json) return JSON.stringify(json.value);
  return value.value.length === 0 ? '(empty)' : payloadText(value.value);
}

const ADDRESSES: readonly Column<StatefulAddress>[] = [
  { title: 'id', value: ({ id }) => shortened(id, 40) },
  { title: 'size', value: ({ bytes }) => bytesText(bytes), align: 'right' },
  { title: 'values', value: ({ names }) => shortened(names.join(', '), 44) },
];

export const renderAddresses = (addresses: readonly StatefulAddress[]): string => renderTable(ADDRESSES, addresses);

export const addressAsJson = (type: string, id: string, values: readonly StateValue[]): object => ({
  type,
  id,
  states: Object.fromEntries(
    values.map((value) => [value.name, { typename: value.typename, ...valueAsJson(value), ...expiryAsJson(value) }]),
  ),
});
