// What runs reached against what they cost.
import { html } from '/lib/preact.js';
import { t } from '/base/i18n.js';
import { go, link, setParams } from '/base/router.js';
import { job } from '/parts/job.js';
import { metricName, plain } from '/parts/metric.js';
import { Scatter } from '/parts/scatter.js';
import { toastError } from '/parts/toast.js';
import { COSTS } from '/views/compare-side.js';
import { letter } from '/views/compare.js';

export function CostTab({ value, params, again }) {
  const metrics = [...new Set([...value.runs.map(run => run.metric), ...value.metrics.flatMap(one => Object.keys(one))])].filter(Boolean);
  const costs = value.names;
  const y = metrics.includes(params.get('cy')) ? params.get('cy') : metrics[0];
  const x = costs.includes(params.get('cx')) ? params.get('cx') : 'seconds';
  const log = params.has('clog');
  const points = value.runs.map((run, i) => ({
    id: run.run,
    name: `${letter(i)} ${run.name}`,
    x: value.costs[i][x],
    y: run.metric === y && run.best !== null ? run.best : value.metrics[i][y],
    color: i,
    label: letter(i),
  }));
  const measure = () => job('/api/compare/costs', { runs: value.runs.map(run => run.run) }).then(again, toastError);
  if (!y) return html`<p class="soft">${t('compare.noMetric')}</p>`;
  return html`
    <div class="controls">
      <label>${t('compare.reached')} <select value=${y} onChange=${event => setParams({ cy: event.target.value })}>
        ${metrics.map(name => html`<option key=${name} value=${name} selected=${name === y}>${metricName(name)}</option>`)}</select></label>
      <label>${t('compare.against')} <select value=${x} onChange=${event => setParams({ cx: event.target.value })}>
        ${costs.map(name => html`<option key=${name} value=${name} selected=${name === x}>${t(`compare.cost_${name}`)}</option>`)}</select></label>
      <label><input type="checkbox" checked=${log} onChange=${() => setParams({ clog: log ? null : '1' })} /> ${t('compare.logCost')}</label>
      ${value.unmeasured && html`<button class="small secondary" onClick=${measure}>${t('compare.measure')}</button>`}
    </div>
    ${value.unmeasured && html`<p class="soft">${t('compare.measureWhy')}</p>`}
    <div class="card"><${Scatter} title=${t('compare.scatter', { y: metricName(y), x: t(`compare.cost_${x}`) })} points=${points}
      x=${t(`compare.cost_${x}`)} y=${metricName(y)} xFormat=${COSTS[x]} yFormat=${plain} logX=${log} time=${x === 'seconds'} height=${360}
      onPick=${run => go(link('/run', { run }))} legend=${points.map(one => ({ name: one.name, color: one.color }))} /></div>`;
}
