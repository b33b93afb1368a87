import { describeKills } from './describe-kills.ts';

describeKills({ kills: 20, clients: 6, seed: 6 }, 300_000);
