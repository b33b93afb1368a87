import { readFileSync } from 'node:fs';
import { createHash } from 'node:crypto';
import { expect } from 'chai';
import { DomainError } from '../../src/domain/errors.ts';
import { fingerprint } from '../../src/evaluator/fingerprint.ts';
import { evaluate } from '../../src/evaluator/evaluate.ts';
import { createEvaluationScratch } from '../../src/evaluator/evaluation-scratch.ts';
import { headSchema } from '../../src/domain/log.ts';
import { parseLogMetric } from '../../src/domain/metric.ts';
import { readClicks, type TemporaryLogs, temporaryLogs } from './temporary-log.ts';

const CSV = 'r,s,y,b\n7,0.5,1,3\nx,0.25,,2\n7,1,0,-1\n';
const NDJSON = `{"r":7,"s":0.5,"y":1,"b":3}
{"r":"x","s":0.25,"b":2}
{"r":7,"s":1,"y":false,"b":-1}
`;

/** 150,000 rows, three of each of 50,000 requests, far apart. */
const interleaved = (id: string): string =>
  `SELECT ${id} AS r, (i % 1000) / 1000 AS s, 0 AS y FROM range(150000) t(i)`;

describe('readLog', () => {
  let logs: TemporaryLogs;
  before(() => {
    logs = temporaryLogs();
  });
  after(() => logs.remove());

  for (const [name, text] of [
    ['a.csv', CSV],
    ['a.csv.gz', CSV],
    ['crlf.csv', `\ufeff${CSV.replaceAll('\n', '\r\n')}`],
    ['a.ndjson', NDJSON],
    ['a.ndjson.gz', NDJSON],
    ['a.jsonl', NDJSON],
    ['a.jsonl.gz', NDJSON],
  ] as const) {
    it(`groups interleaved requests in the order of the file, from ${name}`, async () => {
      const log = await readClicks(logs.write(name, text), { baselineScore: 'b' });
      expect([log.rows, log.requests, log.droppedRows]).to.deep.equal([3, 2, 0]);
      expect([...log.requestOffsets]).to.deep.equal([0, 2, 3]);
      expect([...log.heads[0]!.probability]).to.deep.equal([0.5, 1, 0.25]);
      expect([...log.heads[0]!.label]).to.deep.equal([1, 0, -1]);
      expect([...log.baselineScore!]).to.deep.equal([3, -1, 2]);
    });
  }

  it('reads Parquet integers, floats, decimals, booleans and text as what they mean', async () => {
    const rows = 'range(6) t(i)';
    for (const [request, s, y] of [
      ['i % 2', '0.5::FLOAT', 'i = 0'],
      ['(i % 2)::UTINYINT', '0.5::DOUBLE', '(i = 0)::DOUBLE'],
      ["'request ' || i % 2", '0.50::DECIMAL(4, 2)', '(i = 0)::INTEGER'],
      ['(18446744073709551615 - i % 2)::UBIGINT', "'0.5'", "CASE WHEN i = 0 THEN 'true' ELSE '0' END"],
    ]) {
      const log = await readClicks(
        await logs.writeParquet('types.parquet', `SELECT ${request} AS r, ${s} AS s, ${y} AS y FROM ${rows}`),
      );
      expect([...log.requestOffsets]).to.deep.equal([0, 3, 6]);
      expect([...log.heads[0]!.probability]).to.deep.equal(Array<number>(6).fill(0.5));
      expect([...log.heads[0]!.label]).to.deep.equal([1, 0, 0, 0, 0, 0]);
    }
  });

  it('numbers 50,000 interleaved requests exactly, integers and text alike', async () => {
    const integers = await readClicks(
      await logs.writeParquet('int.parquet', interleaved('(i * 7) % 50000 - 25000')),
    );
    const texts = await readClicks(
      await logs.writeParquet('text.parquet', interleaved("'r' || (i * 7) % 50000")),
    );
    expect(integers.requests).to.equal(50_000);
    expect([...new Set(integers.requestOffsets.map((offset, r) => offset - 3 * r))]).to.deep.equal([0]);
    expect(texts.requestOffsets).to.deep.equal(integers.requestOffsets);
    expect(texts.heads[0]!.probability).to.deep.equal(integers.heads[0]!.probability);
    expect([...integers.heads[0]!.probability.subarray(0, 4)]).to.deep.equal([0, 0, 0, 0.001]);
  });

  it('leaves out and counts rows with a null score under the policy drop', async () => {
    const path = logs.write('drop.csv', 'r,s,y\n1,0.5,1\n2,,1\n1,0.25,0\n3,,\n');
    const log = await readClicks(path, { nullScores: 'drop' });
    expect([log.rows, log.requests, log.droppedRows]).to.deep.equal([2, 1, 2]);
    expect(log.heads[0]!.calibration.positives).to.equal(1);
  });

  it('takes glob characters, quotes and key=value folders in a path literally', async () => {
    logs.write('x.csv', 'r,s,y\n1,1,1\n1,1,1\n');
    for (const name of ['*.csv', '[x].csv', "it's ?.csv", 'y=2.csv']) {
      expect((await readClicks(logs.write(name, 'r,s,y\n1,0.5,1\n'))).rows).to.equal(1);
    }
  });

  it('keeps weight, examination and segment beside their rows, in CSV, NDJSON and Parquet', async () => {
    const columns = { weight: 'w', examination: 'e', segment: 'g', baselineScore: 'b' };
    const csv = 'e,r,s,y,b,g,w\n1,7,0.5,1,3,new,0\n0.5,x,0.25,,2,,1e3\n0.25,7,1,0,-1,"it\'s, old",2.5\n';
    const ndjson = `{"e":1,"r":7,"s":0.5,"y":1,"b":3,"g":"new","w":0}
{"e":0.5,"r":"x","s":0.25,"b":2,"w":1e3}
{"e":0.25,"r":7,"s":1,"y":0,"b":-1,"g":"it's, old","w":2.5}
`;
    const parquet = `SELECT * FROM (VALUES (1, '7', 0.5, 1, 3, 'new', 0), (0.5, 'x', 0.25, NULL, 2, NULL, 1e3),
      (0.25, '7', 1, 0, -1, 'it''s, old', 2.5)) t(e, r, s, y, b, g, w)`;
    for (const path of [
      logs.write('columns.csv', csv),
      logs.write('columns.ndjson', ndjson),
      await logs.writeParquet('columns.parquet', parquet),
    ]) {
      const log = await readClicks(path, { ...columns, examinationCurve: [1, 0.5] });
      expect([...log.requestOffsets]).to.deep.equal([0, 2, 3]);
      expect([...log.weight!]).to.deep.equal([0, 2.5, 1000]);
      expect([...log.examination!]).to.deep.equal([1, 0.25, 0.5]);
      expect(log.segment!.names).to.deep.equal(["it's, old", 'new']);
      expect([...log.segment!.code]).to.deep.equal([1, 0, -1]);
      expect([...log.baselineScore!]).to.deep.equal([3, -1, 2]);
      expect(log.examinationCurve).to.deep.equal([1, 0.5]);
    }
  });

  it('reads grades, and takes those from 1 on as positive', async () => {
    const heads = { click: headSchema.parse({ score: 's', label: 'y', maxGrade: 30 }) };
    const csv = 'r,s,y\n1,0.5,30\n1,0.5,\n1,0.5,0\n1,0.5,1\n2,0.5,2.0\n';
    const query = `SELECT 1 + (i = 4)::INT AS r, 0.5 AS s, [30, NULL, 0, 1, 2][i + 1] AS y FROM range(5) t(i)`;
    for (const path of [logs.write('grades.csv', csv), await logs.writeParquet('grades.parquet', query)]) {
      const { label, grade, calibration } = (await readClicks(path, { heads })).heads[0]!;
      expect([...grade!]).to.deep.equal([30, -1, 0, 1, 2]);
      expect([...label]).to.deep.equal([1, -1, 0, 1, 1]);
      expect([calibration.positives, calibration.requestsWithPositive]).to.deep.equal([3, 2]);
    }
    expect((await readClicks(logs.write('labels.csv', CSV))).heads[0]!.grade).to.equal(undefined);
  });

  it('takes the values of any segment column as names', async () => {
    const query = 'SELECT 1 AS r, 0.5 AS s, 1 AS y, i % 3 AS g, i = 1 AS b FROM range(6) t(i)';
    const path = await logs.writeParquet('segments.parquet', query);
    const integers = await readClicks(path, { segment: 'g' });
    expect([integers.segment!.names, ...integers.segment!.code]).to.deep.equal([
      ['0', '1', '2'],
      0,
      1,
      2,
      0,
      1,
      2,
    ]);
    const booleans = await readClicks(path, { segment: 'b' });
    expect([booleans.segment!.names, ...booleans.segment!.code]).to.deep.equal([
      ['false', 'true'],
      0,
      1,
      0,
      0,
      0,
      0,
    ]);
  });

  it('says which segments there are, and which labels one lacks', async () => {
    const csv = 'r,s,y,g,h\n1,0.9,0,old,\n1,0.1,1,old,\n2,0.5,0,new,\n';
    const path = logs.write('segment.csv', csv);
    const tell = async (name: string, segment: string) => {
      const log = await readClicks(path, { segment });
      const metric = parseLogMetric(name, ['click']);
      if (typeof metric === 'string') throw new Error(metric);
      return () => evaluate(log, { weights: Float64Array.of(1) }, [metric], createEvaluationScratch(log));
    };
    expect(await tell('click.map[segment=newer]', 'g')).to.throw(
      'metric click.map[segment=newer] is of a segment that the log does not have: expected one of new, old',
    );
    expect(await tell('click.map[segment=new]', 'h')).to.throw(
      'the log does not have: expected one of none, as the column is empty',
    );
    expect(await tell('click.map[segment=new]', 'g')).to.throw(
      'metric click.map[segment=new] is undefined on this log: head click has 0 positive and 1 negative labels ' +
        'in segment new: expected a request with a positive label',
    );
    expect((await tell('click.map[segment=old]', 'g'))()).to.deep.equal({ 'click.map[segment=old]': 0.5 });
  });

  it('says that positives weigh nothing', async () => {
    const log = await readClicks(logs.write('weightless.csv', 'r,s,y,w\n1,0.9,0,1\n1,0.1,1,0\n'), {
      weight: 'w',
    });
    const metric = parseLogMetric('click.roc_auc', ['click']);
    if (typeof metric === 'string') throw new Error(metric);
    expect(() =>
      evaluate(log, { weights: Float64Array.of(1) }, [metric], createEvaluationScratch(log)),
    ).to.throw(
      'head click has 1 positive and 1 negative labels: expected a positive and a negative label, with a weight above 0',
    );
  });

  it('reports base rate and fit by weight', async () => {
    const log = await readClicks(
      logs.write('fit.csv', 'r,s,y,w\n1,0.5,1,3\n1,1,0,1\n2,0.5,,9\n2,0.5,0,0\n'),
      {
        weight: 'w',
      },
    );
    const { rowsWithLabel, positives, baseRate, after, requestsWithoutPositive } = log.heads[0]!.calibration;
    expect([rowsWithLabel, positives, baseRate, requestsWithoutPositive]).to.deep.equal([3, 1, 0.75, 1]);
    expect([after!.mean, after!.brier]).to.deep.equal([0.625, 0.4375]);
  });

  it('takes any column name', async () => {
    const name = 'a "quoted", name; DROP';
    const heads = { click: { score: name, label: 'y', negativeKeepRate: 1, sign: 1 as const } };
    const header = `r,"${name.replaceAll('"', '""')}",y`;
    expect((await readClicks(logs.write('name.csv', `${header}\n1,0.5,1\n`), { heads })).rows).to.equal(1);
    const sql = `SELECT 1 AS r, 0.5 AS "${name.replaceAll('"', '""')}", 1 AS y`;
    expect((await readClicks(await logs.writeParquet('name.parquet', sql), { heads })).rows).to.equal(1);
  });

  it('finds an NDJSON key that only a late row has', async () => {
    const early = '{"r":1,"s":0.5}\n'.repeat(25_000);
    const log = await readClicks(logs.write('late.ndjson', `${early}{"r":1,"s":0.5,"y":1}\n`));
    expect(log.heads[0]!.calibration.positives).to.equal(1);
  });

  it('reports labels, positives, base rate and fit before and after calibration', async () => {
    const heads = { click: { score: 's', label: 'y', negativeKeepRate: 0.5, sign: 1 as const } };
    const log = await readClicks(logs.write('report.csv', 'r,s,y\n1,0.5,1\n1,0.5,0\n2,0.5,1\n2,0.5,\n'), {
      heads,
    });
    const report = log.heads[0]!.calibration;
    expect([report.rowsWithLabel, report.positives, report.baseRate]).to.deep.equal([3, 2, 2 / 3]);
    expect([report.requestsWithPositive, report.requestsWithBothClasses]).to.deep.equal([2, 1]);
    expect(report.before).to.deep.equal({ mean: 0.5, brier: 0.25, logLoss: Math.LN2 });
    expect(report.after!.mean).to.be.closeTo(1 / 3, 1e-15);
    expect(report.after!.brier).to.be.closeTo((4 / 9 + 1 / 9 + 4 / 9) / 3, 1e-15);
  });

  it('gives a log that another thread can share: nothing is copied', async () => {
    const log = await readClicks(logs.write('share.csv', CSV), { baselineScore: 'b' });
    const clone = structuredClone(log);
    expect(clone).to.deep.equal(log);
    clone.heads[0]!.probability[0] = 0.125;
    expect(log.heads[0]!.probability[0]).to.equal(0.125);
  });

  it('orders by the logged score when asked to', async () => {
    const log = await readClicks(logs.write('baseline.csv', 'r,s,y,b\n1,0.9,0,1\n1,0.1,1,2\n'), {
      baselineScore: 'b',
    });
    const metric = parseLogMetric('click.roc_auc', ['click']);
    if (typeof metric === 'string') throw new Error(metric);
    const scratch = createEvaluationScratch(log);
    expect(evaluate(log, 'baselineScore', [metric], scratch)).to.deep.equal({ 'click.roc_auc': 1 });
    expect(evaluate(log, { weights: Float64Array.of(1) }, [metric], scratch)).to.deep.equal({
      'click.roc_auc': 0,
    });
  });

  it('keeps columns in their places where the first ones have no name, as an index written along has', async () => {
    const named = await readClicks(logs.write('named.csv', 'r,s,y,note\n1,0.9,0,\n1,0.1,1,\n'));
    const unnamed = await readClicks(logs.write('unnamed.csv', ',,r,s,y,note\n0,7,1,0.9,0,\n1,8,1,0.1,1,\n'));
    const quoted = await readClicks(
      logs.write('quoted.csv', '"","a,""b",r,s,y,\n0,7,1,0.9,0,\n1,8,1,0.1,1,\n'),
    );
    expect(unnamed).to.deep.equal(named);
    expect(quoted).to.deep.equal(named);
  });

  it('says that a header is separated by something else than commas', async () => {
    const path = logs.write('semicolons.csv', 'r;s;y\n1;0.9;0\n');
    const error: unknown = await readClicks(path).catch((reason: unknown) => reason);
    expect(error).to.be.instanceOf(DomainError);
    expect((error as DomainError).line).to.equal(`${path}: its header is separated by ";": expected commas`);
  });

  it('says which metric is undefined on a log, and why', async () => {
    const log = await readClicks(logs.write('negatives.csv', 'r,s,y\n1,0.9,0\n1,0.1,\n'));
    const scratch = createEvaluationScratch(log);
    const why = {
      average_precision: 'a positive label',
      roc_auc: 'a positive and a negative label',
      grouped_auc: 'a request with a positive and a negative label',
      'ndcg@10': 'a request with a positive label',
    };
    for (const [kind, lacking] of Object.entries(why)) {
      const metric = parseLogMetric(`click.${kind}`, ['click']);
      if (typeof metric === 'string') throw new Error(metric);
      expect(() => evaluate(log, { weights: Float64Array.of(1) }, [metric], scratch)).to.throw(
        `metric click.${kind} is undefined on this log: head click has 0 positive and 1 negative labels: expected ${lacking}`,
      );
    }
  });

  it('fingerprints the bytes of a file with SHA-256', async () => {
    const path = logs.write('finger.csv.gz', CSV);
    expect(await fingerprint([path])).to.equal(createHash('sha256').update(readFileSync(path)).digest('hex'));
  });
});
