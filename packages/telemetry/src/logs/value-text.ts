/** A value as it stands behind `name=`: bare where nothing in it could be misread. */
export const valueText = (value: unknown): string =>
  typeof value === 'string' && value !== '' && !/[\s"=]/.test(value) ? value : JSON.stringify(value);
