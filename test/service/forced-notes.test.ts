import { expect } from 'chai';
import type { Gate } from '../../src/domain/finding.ts';
import { forcedNotes } from '../../src/service/forced-notes.ts';

const readout = (experiment: number, forced: readonly Gate[], forceReason: string | null = null) => ({
  experiment,
  forced,
  forceReason,
});

describe('what is said of forced readouts', () => {
  it('is nothing where none was forced', () => {
    expect(forcedNotes([])).to.deep.equal([]);
    expect(forcedNotes([readout(1, []), readout(2, [])])).to.deep.equal([]);
  });

  it('is one line: which rounds, which gates, and why', () => {
    const readouts = [
      readout(1, ['missing_arms', 'sample_ratio'], 'a "bot"\nof ours'),
      readout(2, []),
      readout(3, ['immature']),
    ];
    expect(forcedNotes(readouts)).to.deep.equal([
      'Readouts were forced past gates that refused them: that of round 1 past missing_arms, sample_ratio ("a \\"bot\\"\\nof ours"); that of round 3 past immature (no reason was given).',
    ]);
    expect(forcedNotes(readouts, 2)[0]).to.not.contain('round 3');
    expect(forcedNotes(readouts.slice(1), 2)).to.deep.equal([]);
  });
});
