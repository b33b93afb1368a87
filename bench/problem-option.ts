import { type Command, InvalidArgumentError } from 'commander';

/** Adds `--problem`, which may be given more than once and takes a comma list; `names` are those it knows. */
export function withProblemOption(command: Command, names: readonly string[]): Command {
  return command.option(
    '--problem <names>',
    `of ${names.join(', ')} (repeatable, or a comma list; all where left out)`,
    (text: string, before: readonly string[]) => {
      const given = text.split(',');
      const unknown = given.find((name) => !names.includes(name));
      if (unknown !== undefined) {
        throw new InvalidArgumentError(`unknown problem "${unknown}": expected one of ${names.join(', ')}.`);
      }
      return [...before, ...given];
    },
    [],
  );
}

/** The names that `--problem` gave, or all. */
export function chosenProblems(names: readonly string[], given: readonly string[]): readonly string[] {
  return names.filter((name) => given.length === 0 || given.includes(name));
}
