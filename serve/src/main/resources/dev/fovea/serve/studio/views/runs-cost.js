// What the runs of the table reached against what they cost.
import { html } from '/lib/preact.js';
import { get } from '/base/api.js';
import { useChanges } from '/base/changes.js';
import { t } from '/base/i18n.js';
import { setParams } from '/base/router.js';
import { useLoaded } from '/base/store.js';
import { CostScatter } from '/parts/costs.js';
import { modelName } from '/parts/model-name.js';
import { Failure, Skeleton } from '/parts/states.js';
import { taskName } from '/parts/task-name.js';

/** What points may be coloured by; of more values than there are colours the rarest share the last one. */
const GROUPS = { model: modelName, data: value => value, task: taskName };
const COLORS = 9;

/** chosen: paths of runs that are ticked. */
export function Costs({ runs, chosen, params }) {
  const { value, error, again } = useLoaded(() => get('/api/runs/costs'));
  useChanges(again, 5000);
  if (!value) return error ? html`<${Failure} error=${error} again=${again} />` : html`<${Skeleton} lines=${8} height="2.4rem" />`;
  const by = params.get('cby') in GROUPS ? params.get('cby') : 'model';
  const values = grouped(runs, by);
  const none = { metrics: {}, costs: {}, unmeasured: false }; // begun since then
  const points = runs.map(run => ({ ...run, ...(value.runs[run.run] ?? none), color: place(values, run[by]), selected: chosen.includes(run.run) }));
  const legend = shown =>
    [...new Set(shown.map(one => one.color))].sort((a, b) => a - b).map(i => ({
      name: i === COLORS && values.length > COLORS + 1 ? t('runs.others', { n: values.length - COLORS }) : GROUPS[by](values[i]) || t('runs.noneOf'),
      color: i,
    }));
  return html`<${CostScatter} runs=${points} params=${params} again=${again} legend=${legend}>
    <label>${t('runs.colour')} <select name="cby" value=${by} onChange=${event => setParams({ cby: event.target.value })}>
      ${Object.keys(GROUPS).map(name => html`<option key=${name} value=${name} selected=${name === by}>${t(`runs.${name}`)}</option>`)}</select></label>
  <//>`;
}

const place = (values, value) => Math.min(COLORS, values.indexOf(value));

/** What runs have there, the most frequent first. */
function grouped(runs, by) {
  const count = new Map();
  for (const run of runs) count.set(run[by], (count.get(run[by]) ?? 0) + 1);
  return [...count.keys()].sort((a, b) => count.get(b) - count.get(a) || a.localeCompare(b));
}
