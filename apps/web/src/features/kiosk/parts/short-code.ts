/** Longest code that a word of thanks shows whole. */
const longest = 28;

/** What a person knows a scanned label by: the lot's number of a label of ours or of a link, else the code itself, cut. */
export function shortCode(code: string): string {
  const text = code.trim();
  const own = /^DD\d:[^:]*:(.+)$/.exec(text)?.[1];
  const link = /^https?:\/\/[^/]+\/(?:.*\/)?10\/([^/?#]+)/i.exec(text)?.[1];
  const found = own ?? (link ? decoded(link) : text);
  return found.length > longest ? `${found.slice(0, longest - 1)}…` : found;
}

function decoded(part: string): string {
  try {
    return decodeURIComponent(part);
  } catch {
    return part;
  }
}
