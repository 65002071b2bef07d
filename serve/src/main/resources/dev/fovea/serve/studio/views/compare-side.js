// What runs reached, and the settings in which they differ: a column for each run.
import { html } from '/lib/preact.js';
import { date, number, t } from '/base/i18n.js';
import { link } from '/base/router.js';
import { color, useTheme } from '/parts/colors.js';
import { COSTS, costName } from '/parts/costs.js';
import { Metric, metricValue } from '/parts/metric.js';
import { letter } from '/views/compare.js';

export function SideTab({ value }) {
  const metrics = [...new Set(value.metrics.flatMap(one => Object.keys(one)))];
  const first = value.runs.map(run => run.metric);
  const ordered = [...new Set([...first.filter(name => metrics.includes(name)), ...metrics])];
  return html`
    <${Side} title=${t('compare.results')} runs=${value.runs} rows=${[
      ...ordered.map(name => row(name, value.metrics.map(one => one[name]), one => metricValue(name, one), value.less.includes(name), html`<${Metric} name=${name} />`)),
      row(t('runs.epochs'), value.runs.map(run => run.epochs), number),
      ...Object.keys(COSTS).map(name => row(costName(name), value.costs.map(one => one[name]), COSTS[name])),
      row(t('runs.data'), value.runs.map(run => run.data), text),
      row(t('runs.started'), value.runs.map(run => run.started), date),
      row(t('runs.tags'), value.runs.map(run => run.tags.join(', ')), text),
      row(t('runs.note'), value.runs.map(run => run.note), text),
    ].filter(one => one.cells.some(cell => cell !== '–'))} />
    ${value.differences.length === 0
      ? html`<h2>${t('compare.differences')}</h2><p class="soft">${t('compare.same')}</p>`
      : html`<${Side} title=${t('compare.differences')} runs=${value.runs}
          rows=${value.differences.map(one => ({ name: one.key, title: one.key, cells: one.values.map(cell => cell || '–'), top: [] }))} />`}`;
}

const text = value => value || '–';

/** `less` says which value is the best; where it is null, none is. */
function row(name, values, written, less, title = name) {
  const known = values.filter(Number.isFinite);
  const best = less === null || less === undefined || known.length < 2 ? null : less ? Math.min(...known) : Math.max(...known);
  const top = best === null || known.every(value => value === best) ? [] : values.map(value => value === best);
  return { name, title, cells: values.map(value => (value === undefined || value === null ? '–' : written(value))), top };
}

function Side({ title, runs, rows }) {
  useTheme();
  return html`<h2>${title}</h2>
    <div class="table side" role="region" aria-label=${title} tabindex="0"><table>
      <thead><tr><th scope="col"><span class="sr-only">${title}</span></th>${runs.map((run, i) => html`<th key=${run.run} scope="col">
        <span class="letter" style=${{ background: color(i) }}>${letter(i)}</span> <bdi>${run.name}</bdi>
        ${run.epochs > 0 && html`<a class="evaluate" href=${link('/evaluate', { run: run.run })} aria-label=${t('runs.evaluateOf', { name: run.name })}>${t('runs.evaluate')}</a>`}</th>`)}</tr></thead>
      <tbody>${rows.map(one => html`<tr key=${one.name}><th scope="row">${one.title}</th>
        ${one.cells.map((cell, i) => html`<td key=${i} class=${one.top[i] ? 'top' : ''}><bdi>${cell}</bdi>${one.top[i] && html`<span class="sr-only"> (${t('compare.bestHere')})</span>`}</td>`)}</tr>`)}</tbody>
    </table></div>`;
}
