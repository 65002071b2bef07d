// Curves of several runs over each other, one chart a metric.
import { html, useMemo, useState } from '/lib/preact.js';
import { duration, number, t } from '/base/i18n.js';
import { setParams } from '/base/router.js';
import { Curves } from '/parts/curves.js';
import { metricTitle, plain } from '/parts/metric.js';
import { letter } from '/views/compare.js';

const PARTS = ['validation', 'train'];

/** Charts that are shown before somebody asks for all. */
const FIRST = 4;

export function CurvesTab({ value, params }) {
  const smoothing = Math.min(0.99, Math.max(0, Number(params.get('smooth')) || 0));
  const log = params.has('log');
  const time = params.get('x') === 'time';
  const train = !params.has('notrain');
  const all = params.has('all');
  const [hidden, setHidden] = useState([]);
  const charts = useMemo(() => grouped(value), [value]);
  const shown = all ? charts : charts.slice(0, FIRST);
  if (charts.length === 0) return html`<p class="soft">${t('compare.noCurves')}</p>`;
  return html`
    <div class="controls">
      <label>${t('compare.smoothing')} <input type="range" min="0" max="0.99" step="0.01" value=${smoothing}
        onInput=${event => setParams({ smooth: Number(event.target.value) || null })} /> <output>${number(smoothing, 2)}</output></label>
      <label>${t('compare.over')} <select value=${time ? 'time' : 'epoch'} onChange=${event => setParams({ x: event.target.value === 'time' ? 'time' : null })}>
        <option value="epoch" selected=${!time}>${t('compare.epoch')}</option><option value="time" selected=${time}>${t('compare.time')}</option></select></label>
      <label><input type="checkbox" checked=${log} onChange=${() => setParams({ log: log ? null : '1' })} /> ${t('compare.log')}</label>
      <label><input type="checkbox" checked=${train} onChange=${() => setParams({ notrain: train ? '1' : null })} /> ${t('compare.train')}</label>
    </div>
    <div class="charts">${shown.map(chart => html`<div key=${chart.name} class="card">
      <${Chart} chart=${chart} runs=${value.runs} ...${{ smoothing, log, time, train, hidden, setHidden }} /></div>`)}</div>
    ${charts.length > FIRST && html`<p><button class="secondary" onClick=${() => setParams({ all: all ? null : '1' })}>${all ? t('compare.fewer') : t('compare.all', { n: charts.length })}</button></p>`}`;
}

/** The parts of a metric together; first the metric by which runs are chosen, then losses. */
function grouped(value) {
  const charts = new Map();
  for (const curve of value.curves) {
    const [, part, name] = curve.name.match(/^(train|validation)_(.+)$/) ?? [null, 'validation', curve.name];
    if (!charts.has(name)) charts.set(name, { name, parts: {} });
    charts.get(name).parts[part] = curve.points;
  }
  const rank = name => (value.runs.some(run => run.metric === name) ? 0 : name === 'loss' ? 1 : ['lr', 'images_per_second'].includes(name) ? 3 : 2);
  return [...charts.values()].sort((a, b) => rank(a.name) - rank(b.name));
}

function Chart({ chart, runs, smoothing, log, time, train, hidden, setHidden }) {
  const both = train && PARTS.every(part => chart.parts[part]?.some(points => points.length > 0));
  const series = useMemo(
    () =>
      PARTS.filter(part => part !== 'train' || train || !chart.parts.validation).flatMap(part =>
        (chart.parts[part] ?? []).map((points, i) => ({
          id: `${part} ${i}`,
          name: `${letter(i)} ${runs[i].name}${both ? `, ${t(`compare.part_${part}`)}` : ''}`,
          points: points.map(([epoch, seconds, y]) => [time ? seconds : epoch, y]),
          color: i,
          dashed: part === 'train',
        })),
      ).filter(one => one.points.length > 0),
    [chart, runs, time, train],
  );
  return html`<${Curves} title=${metricTitle(chart.name)} hint=${chart.name} x=${time ? t('compare.time') : t('compare.epoch')} series=${series}
    xFormat=${time ? duration : plain} time=${time} log=${log} smoothing=${smoothing} hidden=${hidden} onHidden=${setHidden} />`;
}
