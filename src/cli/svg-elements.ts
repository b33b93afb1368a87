/** Texts of SVG elements; coordinates in pixels, to two decimals. */

export function svgLine(
  [x1, y1]: readonly [number, number],
  [x2, y2]: readonly [number, number],
  colour: string,
  dashes?: string,
): string {
  const dashed = dashes === undefined ? '' : ` stroke-dasharray="${dashes}"`;
  return `<line x1="${rounded(x1)}" y1="${rounded(y1)}" x2="${rounded(x2)}" y2="${rounded(y2)}" stroke="${colour}"${dashed}/>`;
}

export function svgText(
  x: number,
  y: number,
  content: string,
  { anchor = 'start', size, turned = false }: SvgTextStyle = {},
): string {
  const sized = size === undefined ? '' : ` font-size="${size}"`;
  const at = turned
    ? `transform="translate(${rounded(x)} ${rounded(y)}) rotate(-90)"`
    : `x="${rounded(x)}" y="${rounded(y)}"`;
  return `<text ${at} text-anchor="${anchor}"${sized}>${escaped(content)}</text>`;
}

export interface SvgTextStyle {
  readonly anchor?: 'start' | 'middle' | 'end';
  readonly size?: number;
  /** From below upwards. */
  readonly turned?: boolean;
}

export function svgFrame(x: number, y: number, width: number, height: number, colour: string): string {
  return `<rect x="${x}" y="${y}" width="${width}" height="${height}" fill="none" stroke="${colour}"/>`;
}

export function svgPoints(points: readonly (readonly [number, number])[]): string {
  return points.map(([x, y]) => `${rounded(x)},${rounded(y)}`).join(' ');
}

export function rounded(value: number): number {
  return Number(value.toFixed(2));
}

function escaped(content: string): string {
  return content.replaceAll('&', '&amp;').replaceAll('<', '&lt;').replaceAll('>', '&gt;');
}
