/** Comma-separated values with a header, quotes as in RFC 4180: about what one writes by hand if it must be right. */
export function parseCsv(text: string): Array<Record<string, string>> {
  const [header = [], ...rows] = rowsOf(text);
  return rows.map((row) => Object.fromEntries(row.map((value, column) => [header[column]!, value])));
}

function rowsOf(text: string): string[][] {
  const rows: string[][] = [];
  let row: string[] = [];
  let position = 0;
  while (position < text.length) {
    let value = '';
    if (text[position] === '"') {
      let end = text.indexOf('"', position + 1);
      for (; text[end + 1] === '"'; end = text.indexOf('"', position + 1)) {
        value += text.slice(position + 1, end + 1);
        position = end + 1;
      }
      value += text.slice(position + 1, end);
      position = end + 1;
    } else {
      const start = position;
      while (position < text.length && text[position] !== ',' && text[position] !== '\n') position++;
      value = text.slice(start, position);
    }
    row.push(value);
    if (text[position] !== ',') {
      rows.push(row);
      row = [];
    }
    position++;
  }
  return rows;
}
