/** What is browsed: a connection of the plant, or new settings that are not in the plant file yet. */
export type Source =
  | { kind: 'existing'; id: string }
  | { kind: 'new'; name: string; type: string; config: Record<string, unknown> };
