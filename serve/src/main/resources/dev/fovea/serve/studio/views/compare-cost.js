// What the compared runs reached against what they cost.
import { html } from '/lib/preact.js';
import { CostScatter } from '/parts/costs.js';
import { letter } from '/views/compare.js';

export function CostTab({ value, params, again }) {
  const runs = value.runs.map((run, i) => ({
    ...run,
    name: `${letter(i)} ${run.name}`,
    metrics: value.metrics[i],
    costs: value.costs[i],
    unmeasured: value.unmeasured[i],
    color: i,
    label: letter(i),
  }));
  return html`<${CostScatter} runs=${runs} params=${params} again=${again} legend=${shown => shown.map(one => ({ name: one.name, color: one.color }))} />`;
}
