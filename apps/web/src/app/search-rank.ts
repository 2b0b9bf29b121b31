import { findText } from '../i18n/hangul.ts';

export interface Candidate {
  key: string;
  kind: 'machine' | 'page' | 'setting' | 'area' | 'signal';
  name: string;
  /** Path or other second line; searched too. */
  detail: string;
  /** What the router is told. */
  go: { to: string; params?: Record<string, string>; search?: Record<string, string> };
}

const kinds: readonly Candidate['kind'][] = ['machine', 'page', 'setting', 'area', 'signal'];

/** The candidates that hold every word of the query: beginnings before middles, names before paths, machines before signals. */
export function rankCandidates(candidates: readonly Candidate[], query: string, limit: number): Candidate[] {
  const words = query.trim().split(/\s+/).filter(Boolean);
  const scored: { candidate: Candidate; score: number }[] = [];
  for (const candidate of candidates) {
    const score = scoreOf(candidate, words);
    if (score !== null) scored.push({ candidate, score });
  }
  scored.sort((a, b) => a.score - b.score);
  return scored.slice(0, limit).map((each) => each.candidate);
}

function scoreOf(candidate: Candidate, words: readonly string[]): number | null {
  let score = kinds.indexOf(candidate.kind) * 10;
  for (const word of words) {
    const inName = findText(candidate.name, word);
    if (inName >= 0) {
      score += inName === 0 ? 0 : 3;
      continue;
    }
    if (findText(candidate.detail, word) < 0) return null;
    score += 6;
  }
  return score;
}
