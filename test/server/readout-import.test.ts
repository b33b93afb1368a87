import { readFileSync } from 'node:fs';
import { gzipSync } from 'node:zlib';
import { expect } from 'chai';
import { runCommandLines } from '../cli/command-lines.ts';
import { type TemporaryLogs, temporaryLogs } from '../evaluator/temporary-log.ts';
import { expectProblem } from './exchange.ts';
import { createOnlineStudy, type ExperimentBody, planRound, WINDOW } from './online-study.ts';
import {
  CSV,
  type ImportedBody,
  importPath,
  NDJSON,
  PARQUET,
  sendFile,
  uploadsIn,
  userRows,
} from './readout-upload.ts';
import { NOW, type RunningService, startService, temporaryDatabases } from './running-service.ts';

describe('a readout as a file over REST', () => {
  const databases = temporaryDatabases();
  const db = databases.file('trials.db');
  let files: TemporaryLogs;
  let service: RunningService;
  let arms: ExperimentBody['arms'];

  /** Of studies that plan alike, so that their arms have the same names. */
  const fresh = async (name: string): Promise<string> => {
    await createOnlineStudy(service, name);
    ({ arms } = await planRound(service, name, { arms: 2 }));
    return name;
  };
  const send = (study: string, query: string, body: string | Uint8Array, headers = {}) =>
    sendFile(service.address, importPath(study, query), body, headers);

  before(async () => {
    files = temporaryLogs();
    service = await startService(db, undefined, {}, undefined, undefined, { folder: files.folder });
  });
  after(async () => {
    await service.close();
    expect(uploadsIn(files.folder)).to.deep.equal([]);
    files.remove();
    databases.remove();
    expect(service.faults).to.deep.equal([]);
  });

  it('is what the command line stores of the same file with the same options, to the bit', async () => {
    await fresh('by-rest');
    await fresh('by-cli');
    const csv = files.write('users.csv', userRows(arms, 400));
    const gaps = files.write('gaps.csv', userRows(arms, 400, 2).replaceAll(/,0,/g, ',,'));
    const [one, two, three] = arms.map(({ name }) => name);
    const rows = [
      [one, 'saves', 0.8, 0.01, 400],
      [two, 'saves', 0.82, 0.01, 400],
      [three, 'saves', 0.81, 0.01, 400],
    ].map((row) => row.join(','));
    const means = files.write('arms.csv', ['arm,metric,mean,sem,n', ...rows].join('\n'));
    const parquet = await files.writeParquet('users.parquet', `SELECT * FROM read_csv('${csv}')`);
    const zstd = await files.writeZstd('users.ndjson.zst', `SELECT * FROM read_csv('${csv}')`);
    const gzip = files.write('users.csv.gz', userRows(arms, 400, 3));
    const cuped = ['--covariate', 'saves=before', '--column', 'clicks=saves', '--metric', 'saves'];
    const cases: readonly (readonly [string, Record<string, string>, string, readonly string[]])[] = [
      [csv, { 'content-type': CSV }, '', []],
      [gzip, { 'content-type': CSV, 'content-encoding': 'gzip' }, 'noUser=true', ['--no-user']],
      [zstd, { 'content-type': NDJSON, 'content-encoding': 'zstd' }, 'user=before', ['--user', 'before']],
      [
        parquet,
        { 'content-type': PARQUET },
        'covariate=saves%3Dbefore&column=clicks=saves&metric=saves',
        cuped,
      ],
      [
        gaps,
        { 'content-type': `${CSV}; charset=utf-8; header=present` },
        'emptyIsZero=true',
        ['--empty-is-zero'],
      ],
      [
        csv,
        { 'content-type': CSV },
        'start=2025-12-02&end=2025-12-09&matures=2025-12-10&force=early_look&force=immature',
        '--start 2025-12-02 --end 2025-12-09 --matures 2025-12-10 --force immature'.split(' '),
      ],
      [means, { 'content-type': CSV }, 'adjusted=true', ['--adjusted']],
    ];
    const printed = await runCommandLines(
      cases.map(([file, , , options]) => ({
        args: ['readout', 'by-cli', file, '--db', db, '--json', ...options],
        cwd: files.folder,
      })),
    );
    for (const [i, [file, headers, query]] of cases.entries()) {
      const told = `${file} ${query}`;
      const { code, stdout, stderr } = printed[i]!;
      expect(code, `${told}: ${stderr}`).to.equal(0);
      const byCli = JSON.parse(stdout) as ImportedBody;
      const answer = await send('by-rest', query, readFileSync(file), headers);
      expect(answer.status, `${told}: ${answer.text}`).to.equal(201);
      const { contentHash, readout, revision } = answer.body;
      expect({ contentHash, readout, revision }, told).to.deep.equal({
        contentHash: byCli.contentHash,
        readout: byCli.readout,
        revision: i + 1,
      });
    }
  });

  it('answers as JSON does, with how the file was read beside', async () => {
    await fresh('told');
    const rows = `${userRows(arms, 300)}u0,baseline,0.5,,0\n`;
    const body = rows.replace(/(u0,baseline),.*\n/, '$1,0.5,1,0\n');
    const answer = await send('told', 'metric=saves&metric=clicks&emptyIsZero=true', body);
    expect(answer.status, answer.text).to.equal(201);
    expect(answer.headers.location).to.equal('/v1/studies/told/experiments/1/readouts');
    expect(answer.body.read).to.deep.include({ form: 'users', rows: 901, users: 900, zeros: 1 });
    const several = answer.body.read.several['clicks']!;
    expect(several).to.be.within(100, 260);
    expect(answer.body.remarks).to.deep.equal([
      'Read from 901 rows, those of each user summed.',
      `clicks: ${several} users have more than one; a propensity counts each user once.`,
      '1 empty numbers were taken for 0.',
    ]);
    expect(answer.body.readout.window).to.deep.equal(WINDOW);
    const stored = (await service.get<{ readouts: readonly object[] }>(
      '/v1/studies/told/experiments/1/readouts',
    ))!;
    const { read: _, remarks: __, ...readout } = answer.body;
    expect(stored.body.readouts).to.deep.equal([readout]);
    expect(readout).to.deep.include({ importedBy: 'local', importedAt: NOW, forced: [] });

    const arm = ['arm,metric,lift,sem,n', ...arms.map(({ name }, i) => `${name},saves,${i / 100},0.01,300`)];
    const lifts = await send('told', '', arm.join('\n'));
    expect(lifts.status, lifts.text).to.equal(201);
    expect(lifts.body.read).to.deep.equal({ form: 'arms', rows: 3, users: 900, zeros: 0, several: {} });
    expect(lifts.body.remarks).to.deep.equal([
      'without clicks, which the objective or a guardrail is of: a recommendation needs it of some round.',
    ]);
  });

  it('is no new revision where it is the same, and replaces the last where it is not', async () => {
    await fresh('again');
    const first = await send('again', '', userRows(arms, 300));
    const same = await send('again', '', gzipSync(userRows(arms, 300)), { 'content-encoding': 'gzip' });
    expect([first.status, same.status, same.body.revision]).to.deep.equal([201, 200, 1]);
    expect(same.body.read).to.deep.equal(first.body.read);
    const other = await send('again', '', userRows(arms, 300, 3));
    expect([other.status, other.body.revision]).to.deep.equal([201, 2]);
    const json = { readout: other.body.readout };
    const asJson = await service.post('/v1/studies/again/experiments/1/readouts', json);
    expect(asJson.status, 'the same in JSON').to.equal(200);
  });

  it('is imported once under an Idempotency-Key, which stands for its bytes, their type and the query', async () => {
    await fresh('keyed');
    const rows = userRows(arms, 300);
    const key = { 'idempotency-key': 'k' };
    const all = await Promise.all([1, 2, 3].map(() => send('keyed', 'metric=saves', rows, key)));
    const done = all.filter(({ status }) => status === 201);
    expect(done.length, 'at most once anew').to.be.greaterThan(0);
    expect(done.filter(({ headers }) => headers['idempotency-replayed'] === undefined)).to.have.length(1);
    for (const answer of all.filter(({ status }) => status !== 201 && status !== 429)) {
      expectProblem(answer, 409, 'idempotency_in_flight');
    }
    const again = await send('keyed', 'metric=saves', rows, key);
    expect(again.status).to.equal(201);
    expect(again.headers['idempotency-replayed']).to.equal('true');
    expect(again.text).to.equal(done[0]!.text);
    for (const [query, body, headers] of [
      ['metric=saves', userRows(arms, 300, 4), {}],
      ['metric=clicks', rows, {}],
      ['metric=saves', rows, { 'content-type': NDJSON }],
      ['metric=saves', gzipSync(rows), { 'content-encoding': 'gzip' }],
    ] as const) {
      expectProblem(await send('keyed', query, body, { ...key, ...headers }), 422, 'idempotency_mismatch');
    }
    expectProblem(await send('keyed', '', rows, { 'idempotency-key': 'x y' }), 422, 'request_invalid');
    const refused = await send('keyed', '', `${rows}x`, { 'idempotency-key': 'r' });
    expect(refused.status).to.equal(422);
    const sound = await send('keyed', '', rows, { 'idempotency-key': 'r' });
    expect(sound.status, 'a refusal keeps no key').to.equal(201);
  });

  describe('is refused', () => {
    let sound: string;
    before(async () => {
      await fresh('refusing');
      sound = userRows(arms, 20);
    });
    const text = { 'content-type': CSV };
    const line = 'u3,r1-9,1,1,0';
    const cases: readonly (readonly [
      title: string,
      query: string,
      body: (sound: string) => string | Uint8Array,
      headers: Record<string, string>,
      problem: readonly [
        status: number,
        code: string,
        detail: RegExp,
        pointer?: string | undefined,
        line?: number,
      ],
    ])[] = [
      [
        'of another type',
        '',
        String,
        { 'content-type': 'text/plain' },
        [415, 'media_type', /^expected text\/csv or/],
      ],
      ['of no type', '', String, { 'content-type': '' }, [415, 'media_type', /^expected text\/csv or/]],
      ['of JSON', '', String, { 'content-type': 'application/json' }, [415, 'media_type', /^expected/]],
      ['in UTF-16', '', String, { 'content-type': `${CSV}; charset=utf-16` }, [415, 'media_type', /UTF-8/]],
      [
        'in what JavaScript has',
        '',
        String,
        { ...text, 'content-encoding': 'constructor' },
        [415, 'media_type', /gzip/],
      ],
      ['in brotli', '', String, { ...text, 'content-encoding': 'br' }, [415, 'media_type', /gzip or zstd/]],
      [
        'of Parquet in gzip',
        '',
        String,
        { 'content-type': PARQUET, 'content-encoding': 'gzip' },
        [415, 'media_type', /gzip/],
      ],
      [
        'with an unknown parameter',
        'colum=a=b',
        String,
        text,
        [422, 'request_invalid', /^unknown key "colum" \(did you mean column/, '/colum'],
      ],
      [
        'with a parameter of another form',
        'column=saves',
        String,
        text,
        [422, 'request_invalid', /^is "saves": expected METRIC=COLUMN$/, '/column'],
      ],
      [
        'with a metric twice',
        'column=saves=a&column=saves=b',
        String,
        text,
        [422, 'request_invalid', /^has "saves" a second time/, '/column'],
      ],
      [
        'with a flag that is none',
        'emptyIsZero=yes',
        String,
        text,
        [422, 'request_invalid', /expected true or false|expected one of/, '/emptyIsZero'],
      ],
      [
        'with a gate that there is not',
        'force=all',
        String,
        text,
        [422, 'request_invalid', /expected missing_arms, /, '/force'],
      ],
      [
        'with a day that there is not',
        'start=soon',
        String,
        text,
        [422, 'request_invalid', /expected a day/, '/start'],
      ],
      [
        'with a window that ends before',
        'start=2025-12-20',
        String,
        text,
        [422, 'readout_invalid', /expected a moment after the start/, '/window/end'],
      ],
      [
        'of a metric that the study does not have',
        'column=shares=a',
        String,
        text,
        [
          422,
          'experiment_invalid',
          /^the study has no online metric "shares": expected one of saves, clicks$/,
        ],
      ],
      [
        'with a metric as its own covariate',
        'column=clicks=bought&covariate=clicks=bought',
        String,
        text,
        [
          422,
          'readout_invalid',
          /^the covariate clicks=bought is the column of the metric itself: expected a column of the time before/,
          '/covariate',
        ],
      ],
      [
        'with another metric as the covariate',
        'metric=saves&covariate=saves=clicks',
        String,
        text,
        [
          422,
          'readout_invalid',
          /^the covariate saves=clicks is the column of the metric clicks,/,
          '/covariate',
        ],
      ],
      [
        'with a covariate of a metric that is not read',
        'metric=saves&covariate=clicks=before',
        String,
        text,
        [422, 'readout_invalid', /is of a metric that is not read: expected one of saves$/, '/covariate'],
      ],
      [
        'with a covariate that the experiment moved',
        'covariate=saves=before',
        (rows) => rows.replaceAll(/^(.*,baseline,.*),[^,]*$/gm, '$1,7'),
        text,
        [
          422,
          'readout_invalid',
          /has a covariate with a mean of .*, p .* \(gate moved_covariate\)/,
          '/metrics/saves/arms/r1-1',
        ],
      ],
      [
        'of rows of users that are said to be adjusted',
        'adjusted=true',
        String,
        text,
        [
          422,
          'readout_invalid',
          /^adjusted is for rows of arms: expected it not to be said of rows of users/,
        ],
      ],
      [
        'with an arm that was not planned',
        '',
        (rows) => `${rows}${line}\n`,
        text,
        [
          422,
          'readout_invalid',
          /^row 61: column "arm" \(arm\) is "r1-9": expected one of baseline/,
          undefined,
          62,
        ],
      ],
      [
        'where the gates refuse',
        'noUser=true',
        (rows) => rows + rows.split('\n').slice(1, 2).join('').concat('\n').repeat(60),
        text,
        [422, 'readout_invalid', /sample_ratio/, ''],
      ],
      [
        'packed, and not said to be',
        '',
        (rows) => gzipSync(rows),
        text,
        [422, 'readout_invalid', /^is gzip data: expected text, or "Content-Encoding: gzip" with it$/],
      ],
      [
        'cut off within its packing',
        '',
        (rows) => gzipSync(rows).subarray(0, 90),
        { ...text, 'content-encoding': 'gzip' },
        [422, 'readout_invalid', /truncated/],
      ],
    ];
    for (const [title, query, body, headers, [status, code, detail, pointer, at]] of cases) {
      it(title, async () => {
        const found = expectProblem(
          await send('refusing', query, body(sound), headers),
          status,
          code,
          pointer,
        );
        expect(found.detail).to.match(detail);
        expect(found.line).to.equal(at);
        expect(uploadsIn(files.folder)).to.deep.equal([]);
      });
    }

    it('of a study or an experiment that there is not, and of one that has no experiments', async () => {
      const to = (path: string) => sendFile(service.address, path, sound);
      expectProblem(await to(importPath('nobody')), 404, 'study_not_found');
      const other = '/v1/studies/refusing/experiments/';
      expectProblem(await to(`${other}2/readouts:import`), 404, 'experiment_not_found');
      expectProblem(await to(`${other}x/readouts:import`), 404, 'experiment_not_found');
      const get = await service.get(importPath('refusing'));
      expectProblem(get, 405, 'method_not_allowed');
    });
  });
});
