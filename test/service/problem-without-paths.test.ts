import { expect } from 'chai';
import { DomainError } from '../../src/domain/errors.ts';
import { problemWithoutPaths } from '../../src/service/problem-without-paths.ts';

const FILES = ['/srv/logs/day-1.csv', '/srv/logs/day-2.csv'];

describe('problemWithoutPaths', () => {
  it('puts the name of the dataset in place of its files, wherever they stand', () => {
    const error = new DomainError('log_invalid', `differs from ${FILES[0]}: expected one type`, {
      file: FILES[1]!,
      line: 7,
    });
    expect(problemWithoutPaths(error, { name: 'days', files: FILES, fingerprint: '' })).to.deep.equal({
      code: 'log_invalid',
      detail: 'file 2 of dataset "days": line 7: differs from file 1 of dataset "days": expected one type',
    });
    const one = { name: 'days', files: FILES.slice(0, 1), fingerprint: '' };
    const both = new DomainError('log_unreadable', 'in /srv/logs/tmp too', {
      file: `${FILES[0]} and 1 more`,
      pointer: '/log',
    });
    expect(problemWithoutPaths(both, one).detail).to.equal(
      'dataset "days" and 1 more: /log: in dataset "days"/tmp too',
    );
  });

  it('tells nothing of a fault of the program', () => {
    const { code, detail } = problemWithoutPaths(new Error('at /srv/logs'), {
      name: 'days',
      files: FILES,
      fingerprint: '',
    });
    expect(code).to.equal('internal');
    expect(detail).to.not.include('/srv');
  });
});
