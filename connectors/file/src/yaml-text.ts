/** Plain data as YAML block text: enough for a plant file that is made by a program. Strings are quoted when they must. */
export function yamlText(value: unknown, indent = ''): string {
  if (Array.isArray(value)) {
    if (value.length === 0) return '[]';
    return value.map((item) => `\n${indent}- ${nested(item, `${indent}  `).replace(/^\n\s*/, '')}`).join('');
  }
  if (value !== null && typeof value === 'object') {
    const entries = Object.entries(value).filter(([, v]) => v !== undefined && v !== null);
    if (entries.length === 0) return '{}';
    return entries.map(([key, v]) => `\n${indent}${scalar(key)}:${spaced(nested(v, `${indent}  `))}`).join('');
  }
  return scalar(value);
}

const nested = (value: unknown, indent: string): string => yamlText(value, indent);
const spaced = (text: string): string => (text.startsWith('\n') ? text : ` ${text}`);

function scalar(value: unknown): string {
  if (typeof value !== 'string') return String(value);
  const plain = /^[A-Za-z_][\w./ -]*$/.test(value) && !/^(true|false|null|yes|no|on|off|y|n)$/i.test(value);
  return plain && value === value.trim() ? value : JSON.stringify(value);
}
