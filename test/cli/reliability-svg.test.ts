import { expect } from 'chai';
import { reliabilitySvg } from '../../src/cli/reliability-svg.ts';
import { reliabilityDiagram } from '../../src/evaluator/reliability-diagram.ts';
import type { HeadReliability } from '../../src/service/inspect-log.ts';

const OPTIONS = { bins: 4, binning: 'quantile', histogramBins: 5000 } as const;

function headOf(probabilities: readonly number[], labels: readonly number[]): HeadReliability {
  const table = reliabilityDiagram(Float64Array.from(probabilities), Int8Array.from(labels), OPTIONS);
  return { head: 'click', calibration: 'none', before: table, after: null };
}

interface Point {
  readonly x: number;
  readonly y: number;
}

function circles(svg: string, radius: string): readonly Point[] {
  return [...svg.matchAll(/<circle cx="([\d.]+)" cy="([\d.]+)" r="(\d)"[^>]*><title>/g)]
    .filter(([, , , r]) => r === radius)
    .map(([, x, y]) => ({ x: Number(x), y: Number(y) }));
}

/** Every opened element is closed, in order. */
function isBalanced(svg: string): boolean {
  const open: string[] = [];
  for (const [, close, name, end] of svg.matchAll(/<(\/?)(\w+)[^>]*?(\/?)>/g)) {
    if (close === '/') {
      if (open.pop() !== name) return false;
    } else if (end !== '/') open.push(name!);
  }
  return open.length === 0;
}

describe('reliabilitySvg', () => {
  const probabilities = Array.from({ length: 200 }, (_, i) => (i + 0.5) / 200);
  const labels = probabilities.map((p, i) => Number((i * 7919) % 200 < 200 * p));

  it('draws a point a bin where predicted and observed put it, the diagonal at equal distances from both axes', () => {
    const head = headOf(probabilities, labels);
    const svg = reliabilitySvg(head);
    const [, x1, y1, x2, y2] = /<line x1="([\d.]+)" y1="([\d.]+)" x2="([\d.]+)" y2="([\d.]+)"[^>]*dasharray/
      .exec(svg)!
      .map(Number);
    const found = circles(svg, '3');
    expect(found).to.have.length(4);
    for (const [i, { x, y }] of found.entries()) {
      const { meanPredicted, observed } = head.before.bins[i]!;
      // Two decimals of a pixel, of some 360.
      expect((x - x1!) / (x2! - x1!)).to.be.closeTo(meanPredicted, 1e-4);
      expect((y - y1!) / (y2! - y1!)).to.be.closeTo(observed, 1e-4);
    }
  });

  it('is well formed, with a legend of before and after, and names escaped', () => {
    const { before } = headOf(probabilities, labels);
    const svg = reliabilitySvg({ head: 'click', calibration: 'beta <0.1>', before, after: before });
    expect(isBalanced(svg)).to.equal(true);
    expect(svg).to.contain('>before</text>').and.to.contain('>after (beta &lt;0.1&gt;)</text>');
    expect(circles(svg, '3')).to.have.length(8);
    expect(reliabilitySvg(headOf(probabilities, labels))).to.contain('>scores</text>');
    expect(svg).to.match(/^<svg xmlns="http:\/\/www\.w3\.org\/2000\/svg" width="\d+" height="\d+"/);
  });

  it('ends both axes early where all is low, and says how many rows lie beyond', () => {
    const low = [...Array.from({ length: 400_000 }, (_, i) => (i % 100) / 5000), 0.9];
    const svg = reliabilitySvg(
      headOf(
        low,
        low.map((_, i) => Number(i % 97 === 0)),
      ),
    );
    expect(svg).to.contain('>0.02</text>').and.not.to.contain('>0.2</text>');
    expect(svg).to.contain('>rows outside 0 to 0.02: scores 1</text>');
  });

  it('takes logarithmic axes where most bins are low, for the points and for the histogram', () => {
    // A hundred scores a decade, from 1e-4 on; every tenth row of a decade positive, so that observed is ten times too much or little.
    const scores = Array.from({ length: 400 }, (_, i) => 10 ** (-4 + (i + 0.5) / 100));
    const head = headOf(
      scores,
      scores.map((_, i) => Number(i % 10 === 0)),
    );
    const svg = reliabilitySvg(head);
    for (const tick of ['0.0001', '0.001', '0.01', '0.1', '1']) expect(svg).to.contain(`>${tick}</text>`);
    expect(svg).not.to.contain('rows outside');
    const frame = /<rect x="([\d.]+)" y="([\d.]+)" width="([\d.]+)" height="([\d.]+)" fill="none"/.exec(svg)!;
    const [, left, top, width, height] = frame.map(Number) as [number, number, number, number, number];
    const found = circles(svg, '3');
    expect(found).to.have.length(4);
    for (const [i, { x, y }] of found.entries()) {
      const { meanPredicted, observed } = head.before.bins[i]!;
      expect((x - left) / width).to.be.closeTo((Math.log10(meanPredicted) + 4) / 4, 1e-4);
      expect((top + height - y) / height).to.be.closeTo((Math.log10(observed) + 4) / 4, 1e-4);
    }
    // Five rows in each of the twenty bars a decade.
    const outline = /<polygon points="([^"]+)"/.exec(svg)![1]!.split(' ');
    expect(outline).to.have.length(2 + 2 * 80);
    expect(new Set(outline.slice(1, -1).map((point) => point.split(',')[1])).size).to.equal(1);
  });

  it('says how many rows lie below a logarithmic axis', () => {
    const scores = Array.from({ length: 100 }, (_, i) =>
      i < 98 ? 0.002 + 0.001 * (i % 3) : i < 99 ? 0.9 : 0,
    );
    const svg = reliabilitySvg(
      headOf(
        scores,
        scores.map((_, i) => Number(i % 50 === 0)),
      ),
    );
    expect(svg).to.match(/>rows outside 0\.001 to 1: scores 1<\/text>/);
  });

  it('labels both axes of both plots', () => {
    const svg = reliabilitySvg(headOf(probabilities, labels));
    for (const title of [
      'predicted probability',
      'observed share of positives',
      'rows (logarithmic)',
      'perfect',
    ]) {
      expect(svg).to.contain(`>${title}</text>`);
    }
  });

  it('draws the histogram as an outline whose heights grow with the logarithm of the rows', () => {
    const svg = reliabilitySvg(
      headOf(
        [...Array.from({ length: 99 }, () => 0.01), ...Array.from({ length: 9 }, () => 0.99)],
        [...Array.from({ length: 99 }, () => 0), ...Array.from({ length: 9 }, () => 1)],
      ),
    );
    const outline = /<polygon points="([^"]+)"/
      .exec(svg)![1]!
      .split(' ')
      .map((point) => point.split(',').map(Number));
    const bottom = outline[0]![1]!;
    const heights = outline.map(([, y]) => bottom - y!);
    expect(Math.max(...heights)).to.be.closeTo(heights[1]!, 0.011);
    expect(heights[1]! / heights.at(-2)!).to.be.closeTo(Math.log10(100) / Math.log10(10), 1e-3);
    expect(heights.filter((height) => height === 0).length).to.equal(2 + 2 * 48);
  });

  it('is a figure without points where no row has a label', () => {
    const svg = reliabilitySvg(headOf([0.2, 0.4], [-1, -1]));
    expect(circles(svg, '3')).to.deep.equal([]);
    expect(isBalanced(svg)).to.equal(true);
    expect(svg).not.to.match(/NaN|Infinity|undefined/);
  });
});
