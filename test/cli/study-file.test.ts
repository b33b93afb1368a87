import { expect } from 'chai';
import { DomainError } from '../../src/domain/errors.ts';
import { readStudyFile } from '../../src/cli/study-file.ts';
import { SMALL_STUDY, smallStudy } from '../e2e/small-study.ts';
import { type TemporaryFolder, temporaryFolder } from '../e2e/temporary-folder.ts';

describe('readStudyFile', () => {
  let folder: TemporaryFolder;
  beforeEach(() => {
    folder = temporaryFolder();
  });
  afterEach(() => folder.remove());

  const problemIn = async (study: string): Promise<string> => {
    const file = folder.write('study.yaml', study);
    const error = await readStudyFile(file).catch((reason: unknown) => reason);
    expect(error).to.be.instanceOf(DomainError);
    return (error as DomainError).line.replace(`${folder.path}/`, '');
  };

  it('reads a study with its defaults', async () => {
    const { definition } = await readStudyFile(folder.write('study.yaml', SMALL_STUDY));
    expect(definition).to.deep.include({ name: 'small', sum: 1, seed: 1, budget: 3, metrics: {} });
    expect(definition.weights['save']).to.deep.equal({ min: 0, max: 1 });
    expect(definition.heads!['save']).to.deep.equal({
      score: 's_save',
      label: 'y_save',
      negativeKeepRate: 1,
      sign: 1,
    });
  });

  it('reads JSON, which is YAML', async () => {
    const study = { name: 'json', weights: { a: [0, 1], b: [0, 1] }, objective: 'maximize revenue' };
    const { definition } = await readStudyFile(folder.write('study.json', JSON.stringify(study)));
    expect(definition.objective).to.deep.equal({ metric: 'revenue', direction: 'maximize' });
  });

  it('reads a file with a byte order mark and the line ends of Windows', async () => {
    const file = folder.write('study.yaml', `\ufeff${SMALL_STUDY.replaceAll('\n', '\r\n')}`);
    expect((await readStudyFile(file)).definition).to.deep.equal(
      (await readStudyFile(folder.write('plain.yaml', SMALL_STUDY))).definition,
    );
  });

  it('reads anchors and aliases', async () => {
    const study = smallStudy({
      'save: [0, 1]': 'save: &range [0, 0.5]',
      '  click: [0, 1]': '  click: *range',
    });
    const { definition } = await readStudyFile(folder.write('study.yaml', study));
    expect(definition.weights['click']).to.deep.equal({ min: 0, max: 0.5 });
  });

  it('lets options win over the file', async () => {
    const file = folder.write('study.yaml', SMALL_STUDY);
    const { definition } = await readStudyFile(file, { seed: 9, budget: 7 });
    expect(definition).to.include({ seed: 9, budget: 7 });
  });

  for (const [why, study, line] of [
    ['a key of the top', smallStudy({ 'budget: 3': 'budgets: 3' }), 'study.yaml:20: budgets: unknown key'],
    ['a value of the top', smallStudy({ 'budget: 3': 'budget: many' }), 'study.yaml:20: budget: '],
    [
      'a key in a flow mapping',
      smallStudy({ 'label: y_click': 'label: 7' }),
      'study.yaml:5: heads.click.label: ',
    ],
    [
      'an item of a list',
      smallStudy({ '- click.average': '- clicks.average' }),
      'study.yaml:17: guardrails.1: ',
    ],
    [
      'a mapping over many lines: that of its key',
      smallStudy({ 'log: { path: log.csv, request: r }\n': '' }),
      'study.yaml:2: heads: heads need a log',
    ],
    [
      'a key on a line of its own',
      smallStudy({
        'weights: { save: 0.2, click: 0.4, long_click: 0.4 }':
          'weights:\n    save: 0.2\n    click: 9\n    long_click: 0.4',
      }),
      'study.yaml:21: baseline.weights.click: 9 is outside',
    ],
    [
      'a file with comments and empty lines',
      `# one\n\n# two\n${smallStudy({ 'seed: 1': 'seed: x' })}`,
      'study.yaml:24: seed: ',
    ],
    [
      'a file of Windows',
      smallStudy({ 'seed: 1': 'seed: x' }).replaceAll('\n', '\r\n'),
      'study.yaml:21: seed: ',
    ],
    ['what is missing: none', smallStudy({ 'name: small\n': '' }), 'study.yaml: name: is missing'],
    [
      'what is missing in a part: that of the part',
      smallStudy({ ', label: y_click': '' }),
      'study.yaml:5: heads.click.label: is missing',
    ],
    ['the syntax', smallStudy({ 'sum: 1': 'sum: [1' }), 'study.yaml:12: is not YAML: '],
    [
      'a key that stands there twice: that of the second',
      smallStudy({ 'sum: 1': 'sum: 1\nsum: 2' }),
      'study.yaml:12: ',
    ],
  ] as const) {
    it(`gives the line of a problem in ${why}`, async () => {
      expect((await problemIn(study)).slice(0, line.length)).to.equal(line);
    });
  }

  for (const [how, text] of [
    ['lists', `a: ${'['.repeat(33)}${']'.repeat(33)}\n`],
    ['brackets without an end', `a: ${'['.repeat(500_000)}\n`],
    ['lists of many levels', `a: ${'['.repeat(100_000)}${']'.repeat(100_000)}\n`],
    ['mappings of many levels', `a: ${'{a: '.repeat(100_000)}1${'}'.repeat(100_000)}\n`],
    ['blocks of many levels', `${'- '.repeat(100_000)}x\n`],
    ['an alias of itself', 'a: &a [*a]\n'],
  ] as const) {
    it(`says that a study is nested too deep by ${how}`, async () => {
      expect(await problemIn(text)).to.match(
        /^study\.yaml(:1)?: is nested (too deep|deeper than 32 levels): expected/,
      );
    });
  }

  it('locates an error that only the numerics can find', async () => {
    const file = folder.write('study.yaml', SMALL_STUDY);
    const { locate } = await readStudyFile(file);
    const located = locate(
      new DomainError('baseline_invalid', 'is wrong', { pointer: '/baseline/weights/click' }),
    );
    expect((located as DomainError).line).to.equal(`${file}:19: baseline.weights.click: is wrong`);
    const other = new DomainError('log_invalid', 'is wrong', { file: 'log.csv' });
    expect(locate(other)).to.equal(other);
    const fault = new RangeError('a fault');
    expect(locate(fault)).to.equal(fault);
  });
});
