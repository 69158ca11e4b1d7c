/** A piece of a replacement: text as it is, or what a group matched. */
type TemplatePart = string | { readonly group: number };

const REFERENCE = /\$(?:\$|\{([\p{L}\p{Nd}_]+)\}|([\p{L}\p{Nd}_]+))/gu;

/** A replacement in Go's syntax. A group that does not exist is empty; a dollar sign that begins no reference stays. */
export function parseTemplate(template: string, groupKeys: readonly string[]): TemplatePart[] {
  const parts: TemplatePart[] = [];
  let copied = 0;
  for (const match of template.matchAll(REFERENCE)) {
    parts.push(template.slice(copied, match.index));
    const name = match[1] ?? match[2];
    if (name === undefined) parts.push('$');
    else parts.push(reference(name, groupKeys));
    copied = match.index + match[0].length;
  }
  parts.push(template.slice(copied));
  return parts.filter((part) => part !== '');
}

function reference(name: string, groupKeys: readonly string[]): TemplatePart {
  const group = /^[0-9]+$/.test(name) ? Number(name) : groupKeys.indexOf(name);
  return group >= 0 && group < groupKeys.length ? { group } : '';
}
