import { describeKills } from './describe-kills.ts';

describeKills({ kills: 1000, clients: 8, seed: 7 }, 3_600_000);
