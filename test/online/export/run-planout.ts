import { createHash } from 'node:crypto';

/** What a script set, and whether the user takes part. */
export interface PlanOutRun {
  readonly inExperiment: boolean;
  readonly variables: ReadonlyMap<string, unknown>;
}

interface Operation {
  readonly op: string;
  readonly [argument: string]: unknown;
}

/** The largest number of 15 hexadecimal digits, as a double. */
const SCALE = 2 ** 60;

/** An interpreter of the operations that an exported script has, after PlanOut's description of its language. */
export function runPlanOut(script: object, inputs: Readonly<Record<string, unknown>>): PlanOutRun {
  const variables = new Map<string, unknown>(Object.entries(inputs));
  let salt = '';
  let left: boolean | undefined;

  /** (0, 1), of the experiment's salt, the variable's name and the unit. */
  const uniform = ({ unit }: Operation, variable: string): number => {
    const text = `${salt}.${variable}.${String(evaluate(unit, variable))}`;
    return Number.parseInt(createHash('sha1').update(text).digest('hex').slice(0, 15), 16) / SCALE;
  };
  const evaluate = (value: unknown, variable: string): unknown => {
    if (left !== undefined || typeof value !== 'object' || value === null) return value;
    const operation = value as Operation;
    const argument = (name: string): unknown => evaluate(operation[name], variable);
    switch (operation.op) {
      case 'seq':
        for (const step of operation['seq'] as readonly unknown[]) evaluate(step, variable);
        return undefined;
      case 'set': {
        const name = String(operation['var']);
        const result = evaluate(operation['value'], name);
        if (name === 'experiment_salt') salt = String(result);
        variables.set(name, result);
        return undefined;
      }
      case 'get':
        return variables.get(String(operation['var']));
      case 'literal':
        return operation['value'];
      case 'array':
        return (operation['values'] as readonly unknown[]).map((item) => evaluate(item, variable));
      case 'index':
        return (argument('base') as readonly unknown[])[Number(argument('index'))];
      case 'not':
        return !argument('value');
      case 'cond': {
        const branches = operation['cond'] as readonly { readonly if: unknown; readonly then: unknown }[];
        const taken = branches.find((branch) => evaluate(branch.if, variable));
        return taken === undefined ? undefined : evaluate(taken.then, variable);
      }
      case 'return':
        left = Boolean(argument('value'));
        return undefined;
      case 'bernoulliTrial':
        return uniform(operation, variable) <= Number(argument('p')) ? 1 : 0;
      case 'weightedChoice': {
        const weights = argument('weights') as readonly number[];
        const sum = weights.reduce((partial, weight) => partial + weight, 0);
        const place = uniform(operation, variable) * sum;
        let reached = 0;
        const chosen = weights.findIndex((weight) => place <= (reached += weight));
        return (argument('choices') as readonly unknown[])[chosen];
      }
      default:
        throw new RangeError(`operation ${operation.op}`);
    }
  };
  evaluate(script, '');
  return { inExperiment: left ?? true, variables };
}
