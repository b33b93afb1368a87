import { AssertionError, expect } from 'chai';
import type { Answer } from '../answer.ts';
import { expectDescribed, operationOf } from './conformance.ts';

const NOTE = { number: 1, at: '2026-01-01T00:00:00.000Z', author: 'local', text: 'x' };
const PATH = '/v1/studies/a/trials/1/notes';

function answer(status: number, body: unknown, headers: Readonly<Record<string, string>> = {}): Answer {
  const type = `application/${status < 400 ? 'json' : 'problem+json'}; charset=utf-8`;
  return {
    status,
    type,
    headers: { 'x-request-id': 'x', 'content-type': type, ...headers },
    text: JSON.stringify(body),
    body,
  };
}

const named = (method: string, path: string): string | undefined =>
  operationOf(method, path)?.operation.operationId;

describe('holding an answer against the document', () => {
  it('finds the operation whose path is closest', () => {
    expect(named('GET', '/v1/studies/a:report')).to.equal('reportStudy');
    expect(named('GET', '/v1/studies/a.b')).to.equal('readStudy');
    expect(named('HEAD', '/v1/studies/a/trials/1?x=y')).to.equal('readTrial');
    expect(named('GET', '/v1/studies/a/trials/1:explain')).to.equal('explainTrial');
    expect(named('GET', '/v1/studies/a:archive')).to.equal(undefined);
    expect(named('GET', '/v1/nowhere')).to.equal(undefined);
  });

  it('takes what is described', () => {
    expectDescribed('POST', PATH, answer(201, NOTE));
    expectDescribed('GET', PATH, answer(200, { notes: [NOTE] }));
    expectDescribed('GET', PATH, answer(404, problem('study_not_found', 404)));
  });

  const wrong: readonly (readonly [what: string, Answer])[] = [
    ['a status', answer(202, NOTE)],
    ['a member that is missing', answer(201, { ...NOTE, text: undefined })],
    ['a member of another type', answer(201, { ...NOTE, number: '1' })],
    ['a member that is not named', answer(201, { ...NOTE, mood: 'good' })],
    ['a code of another status', answer(404, problem('trial_state', 404))],
    ['a code that the operation does not have', answer(409, problem('budget_exhausted', 409))],
    ['a member of a problem', answer(404, { ...problem('study_not_found', 404), stack: 'at x' })],
    ['a media type', { ...answer(201, NOTE), type: 'text/plain' }],
    ['a header', answer(201, NOTE, { location: '/x' })],
    ['no request id', { ...answer(201, NOTE), headers: {} }],
  ];
  for (const [what, found] of wrong) {
    it(`refuses ${what}`, () => {
      const parsed = { ...found, body: JSON.parse(found.text) as unknown };
      expect(() => expectDescribed('POST', PATH, parsed)).to.throw(AssertionError);
    });
  }
});

function problem(code: string, status: number) {
  return { type: `urn:pondera:problem:${code}`, title: 'x', status, detail: 'x: expected y' };
}
