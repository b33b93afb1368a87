import type { Clock } from '../../service/clock.ts';
import { onlineStudy } from '../../service/online-evidence.ts';
import { type RecommendationAsked, recommendNext } from '../../service/recommend-next.ts';
import { formatRecommendation } from './format-recommendation.ts';
import { jsonText } from './json-text.ts';
import { withStudy } from './with-study.ts';

export interface RecommendOptions {
  readonly db: string;
  readonly arms?: number;
  readonly generator?: NonNullable<RecommendationAsked['generator']>;
  readonly seed?: number;
  readonly roundsLeft?: number;
  readonly confidence?: number;
  readonly relevant?: number;
  readonly workers: number;
  readonly json?: boolean;
}

/** Prints what to do next; nothing is stored. */
export async function runRecommend(argument: string, options: RecommendOptions, clock: Clock): Promise<void> {
  const { arms, generator, seed, roundsLeft, confidence, relevant: relevantGain, json, db } = options;
  await withStudy(options, argument, clock, async (context, { definition }) => {
    const { name: study } = definition;
    const { online } = onlineStudy(definition);
    const asked = { arms, generator, seed, roundsLeft, confidence, relevantGain };
    const step = await recommendNext(context, study, asked);
    process.stdout.write(
      `${
        json === true ? jsonText(step) : formatRecommendation(step, { online, db }, process.stdout.columns)
      }\n`,
    );
  });
}
