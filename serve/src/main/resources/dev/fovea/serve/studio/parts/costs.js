// What runs reached against what they cost, as points that lead to them.
import { html } from '/lib/preact.js';
import { workspace } from '/base/api.js';
import { bytes, duration, load, milliseconds, number, t } from '/base/i18n.js';
import { link, setParams } from '/base/router.js';
import { useStore } from '/base/store.js';
import { job } from '/parts/job.js';
import { metricName, metricTitle, plain } from '/parts/metric.js';
import { Scatter } from '/parts/scatter.js';
import { toastError } from '/parts/toast.js';

await load('parts-costs');

/** How each cost is written. */
export const COSTS = {
  seconds: duration,
  parameters: value => number(value, 0),
  multiplyAdds: value => number(value, 0),
  packageBytes: bytes,
  latencyMillis: value => milliseconds(value, 2),
};

export const costName = name => t(`parts-costs.${name}`);

const reached = (run, metric) => (run.metric === metric && run.best !== null ? run.best : run.metrics[metric]);

/** Those by which most runs are chosen first; losses, which can be compared of one task at most, behind them. */
function metricsOf(runs) {
  const count = new Map();
  for (const { metric, best } of runs) if (metric && best !== null) count.set(metric, (count.get(metric) ?? 0) + 1);
  const isLoss = name => name === 'loss';
  const criteria = [...count.keys()].sort((a, b) => isLoss(a) - isLoss(b) || count.get(b) - count.get(a));
  return [...new Set([...criteria, ...runs.flatMap(run => Object.keys(run.metrics))])];
}

/**
 * runs: [{run, name, metric, best, metrics, costs, unmeasured, color, label, selected}]; legend(points): as Scatter takes it, of
 * the runs that are shown. The choices stand in the address; `again` is called once models were measured; children are further
 * choices.
 */
export function CostScatter({ runs, params, legend, again, children }) {
  const writable = useStore(workspace)?.writable ?? true;
  const metrics = metricsOf(runs);
  const y = metrics.includes(params.get('cy')) ? params.get('cy') : metrics[0];
  const x = params.get('cx') in COSTS ? params.get('cx') : 'seconds';
  const log = params.has('clog');
  if (!y) return html`<p class="soft">${t('parts-costs.noMetric')}</p>`;
  const unmeasured = runs.filter(run => run.unmeasured).map(run => run.run).slice(0, 20); // as many as the server measures at once
  const measure = () => job('/api/compare/costs', { runs: unmeasured }).then(again, error => error.name !== 'AbortError' && toastError(error));
  const points = runs.map(run => ({ ...run, id: run.run, x: run.costs[x], y: reached(run, y) }));
  const shown = points.filter(one => Number.isFinite(one.x) && Number.isFinite(one.y));
  return html`
    <div class="controls">
      <label>${t('parts-costs.reached')} <select name="cy" value=${y} onChange=${event => setParams({ cy: event.target.value })}>
        ${metrics.map(name => html`<option key=${name} value=${name} title=${name} selected=${name === y}>${metricName(name)}</option>`)}</select></label>
      <label>${t('parts-costs.against')} <select name="cx" value=${x} onChange=${event => setParams({ cx: event.target.value })}>
        ${Object.keys(COSTS).map(name => html`<option key=${name} value=${name} selected=${name === x}>${costName(name)}</option>`)}</select></label>
      <label><input type="checkbox" checked=${log} onChange=${() => setParams({ clog: log ? null : '1' })} /> ${t('parts-costs.log')}</label>
      ${children}
      ${unmeasured.length > 0 && html`<button class="small secondary" disabled=${!writable} onClick=${measure}>${t('parts-costs.measure')}</button>`}
    </div>
    ${unmeasured.length > 0 && html`<p class="soft">${t('parts-costs.measureWhy')}</p>`}
    <div class="card"><${Scatter} title=${t('parts-costs.title', { y: metricName(y) })} points=${points}
      x=${costName(x)} y=${metricTitle(y)} xFormat=${COSTS[x]} yFormat=${plain} logX=${log} time=${x === 'seconds'} height=${360}
      href=${run => link('/run', { run })} legend=${legend(shown)} /></div>`;
}
