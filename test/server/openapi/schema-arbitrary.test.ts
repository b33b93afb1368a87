import * as fc from 'fast-check';
import { expect } from 'chai';
import { DOCUMENT, validatorAt } from './conformance.ts';
import { valuesOf } from './schema-arbitrary.ts';

describe('values of the schemas of the document', () => {
  for (const [name, schema] of Object.entries(DOCUMENT.components.schemas)) {
    it(`are what ${name} is to another program`, () => {
      const validate = validatorAt(['components', 'schemas', name]);
      fc.assert(
        fc.property(valuesOf(schema), (value) => {
          expect(validate(value), JSON.stringify(validate.errors)).to.equal(true);
        }),
        { numRuns: 20, seed: 1 },
      );
    });
  }
});
