import { type Command, InvalidArgumentError, Option } from 'commander';

/** Adds `--problem`, which may be given more than once and takes a comma list; left out, it means `usual`. */
export function withProblemOption(
  command: Command,
  names: readonly string[],
  usual: readonly string[] = names,
): Command {
  const allOrUsual = usual.length < names.length ? usual.join(', ') : 'all';
  return command.addOption(
    new Option('--problem <names>', `of ${names.join(', ')} (repeatable, or a comma list)`)
      .default([], allOrUsual)
      .argParser((text: string, before: readonly string[]) => {
        const given = text.split(',');
        const unknown = given.find((name) => !names.includes(name));
        if (unknown !== undefined) {
          throw new InvalidArgumentError(
            `Unknown problem "${unknown}": expected one of ${names.join(', ')}.`,
          );
        }
        return [...before, ...given];
      }),
  );
}

/** The names that `--problem` gave, or all. */
export function chosenProblems(names: readonly string[], given: readonly string[]): readonly string[] {
  return names.filter((name) => given.length === 0 || given.includes(name));
}
