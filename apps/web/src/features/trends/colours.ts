/** Line colours that are told apart by colour-blind people too, none of them a state's; beyond eight the dash changes. */
const light = ['#2b5fb8', '#b4560f', '#2d7a45', '#8b3fa6', '#0b7285', '#8a6a00', '#a83258', '#505a66'];
const dark = ['#7fb0ff', '#f0a05c', '#74c98c', '#d199e8', '#5cc4d6', '#dcc057', '#f08aa8', '#b3bcc6'];
const dashes: readonly (readonly number[])[] = [[], [6, 3], [2, 3]];

export function lineColour(index: number, scheme: 'light' | 'dark'): string {
  const list = scheme === 'dark' ? dark : light;
  return list[index % list.length]!;
}
export function lineDash(index: number): number[] {
  return [...dashes[Math.floor(index / light.length) % dashes.length]!];
}
