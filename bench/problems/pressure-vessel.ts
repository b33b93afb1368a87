import { exactStudy } from './exact-study.ts';
import type { Problem } from './problem.ts';

/**
 * The cost of a cylindrical vessel with hemispherical heads, its thicknesses taken as continuous; three constraints bind.
 *
 * min 0.6224 x₁x₃x₄ + 1.7781 x₂x₃² + 3.1661 x₁²x₄ + 19.84 x₁²x₃ with 0.0193x₃ − x₁ ≤ 0, 0.00954x₃ − x₂ ≤ 0,
 * πx₃²x₄ + ⁴⁄₃πx₃³ ≥ 1296000, x₄ ≤ 240
 *
 * Thickness of shell and head, radius and length in inches. The volume spans 1.3e4 to 5.9e7, the cost 1e2 to 8e5.
 *
 * Source: Kannan & Kramer 1994, J. Mech. Design 116:405–411.
 */
export const pressureVessel: Problem = {
  name: 'pressure-vessel',
  study: exactStudy({
    name: 'pressure-vessel',
    weights: { shell: [0.0625, 6.1875], head: [0.0625, 6.1875], radius: [10, 200], length: [10, 200] },
    objective: 'minimize cost',
    guardrails: ['shell_lack <= 0', 'head_lack <= 0', 'volume >= 1296000', 'length_used <= 240'],
  }),
  measure: ({ shell = NaN, head = NaN, radius = NaN, length = NaN }) => ({
    cost:
      0.6224 * shell * radius * length +
      1.7781 * head * radius ** 2 +
      3.1661 * shell ** 2 * length +
      19.84 * shell ** 2 * radius,
    shell_lack: 0.0193 * radius - shell,
    head_lack: 0.00954 * radius - head,
    volume: Math.PI * radius ** 2 * length + (4 / 3) * Math.PI * radius ** 3,
    length_used: length,
  }),
  optimum: {
    value: 5885.332773616459,
    weights: {
      shell: 0.7781686413751053,
      head: 0.3846491626279018,
      radius: 40.31961872409872,
      length: 200,
    },
  },
};
