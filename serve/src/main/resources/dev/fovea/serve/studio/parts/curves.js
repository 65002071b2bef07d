// Curves by uPlot: in the colours of the theme, as wide as their place, with a legend, and a table for those who cannot see them.
import uPlot from '/lib/uplot.js';
import { html, useEffect, useMemo, useRef, useState } from '/lib/preact.js';
import { load, number, scientific, t, useLanguage } from '/base/i18n.js';
import { plain } from '/parts/metric.js';
import { color, css, dash, stylesheet, useTheme, useWidth } from '/parts/colors.js';
import { WholeRange, renew, useZoom } from '/parts/zoom.js';

await Promise.all([load('parts-curves'), stylesheet('/lib/uplot.css'), stylesheet('/curves.css')]);

export { plain };

/** Most rows of the table; of more points some are left out. */
const ROWS = 200;

/** Of fewer each point is drawn. */
const FEW = 30;

/** Steps between the ticks of whole numbers and of times. */
const WHOLE = Array.from({ length: 10 }, (_, power) => [1, 2, 5].map(one => one * 10 ** power)).flat();
export const SECONDS = [0.1, 0.2, 0.5, 1, 2, 5, 10, 20, 30, 60, 120, 300, 600, 1200, 1800, 3600, 7200, 14400, 21600, 43200, 86400, 172800, 604800];

/** An exponential moving average that begins at the first value, as TensorBoard's; `weight` from 0 (none) to below 1. */
function smoothed(values, weight) {
  let mean = 0;
  let count = 0;
  return values.map(value => {
    if (value === null || value === undefined || !Number.isFinite(value)) return value;
    count++;
    mean = mean * weight + (1 - weight) * value;
    return mean / (1 - weight ** count);
  });
}

/** Ticks of an axis, short. */
function tick(value) {
  if (value === null || value === undefined) return '';
  const size = Math.abs(value);
  if (size !== 0 && (size < 0.001 || size >= 1e6)) return scientific(value, 0);
  return number(value, 4);
}

/**
 * Lines.
 *
 * series: [{id, name, points: [[x, y], ...], color (a number of the palette, the place in the list by default), dashed, smoothing}]
 * x, y: what stands at the axes; xFormat, yFormat: values for people; log: whether y is; time: whether x is seconds;
 * smoothing: from 0 to below 1; what a series says of it itself goes before.
 * hint: what is shown where the pointer rests on the title.
 * hidden: ids that are not drawn, with onHidden(ids) kept by the caller; without it the chart keeps them itself.
 */
export function Curves({ title, hint = '', series, x = '', y = '', xFormat = plain, yFormat = plain, log = false, time = false, smoothing = 0, height = 260, hidden, onHidden }) {
  useLanguage();
  const theme = useTheme();
  const place = useRef(null);
  const plot = useRef(null);
  const width = useWidth(place);
  const [hooks, zoomed] = useZoom();
  const [own, setOwn] = useState([]);
  const [at, setAt] = useState(null);
  const off = hidden ?? own;
  const smooth = smoothing > 0;
  const data = useMemo(() => joined(series, smoothing, log), [series, smoothing, log]);
  const shape = JSON.stringify([series.map(one => [one.id, one.color, one.dashed]), log, time, smooth, theme, x, y, height, data[0].length < FEW]);
  useEffect(() => {
    if (!width) return undefined;
    const chart = new uPlot(options({ series, x, y, xFormat, yFormat, log, time, smooth, width, height, off, data, setAt, hooks }), data, place.current);
    plot.current = chart;
    return () => {
      plot.current = null;
      chart.destroy();
    };
  }, [shape, width > 0]);
  useEffect(() => {
    if (plot.current) renew(plot.current, data);
  }, [data]);
  useEffect(() => {
    if (plot.current && width) plot.current.setSize({ width, height });
  }, [width, height]);
  useEffect(() => {
    const chart = plot.current;
    series.forEach((one, i) => {
      for (const line of smooth ? [2 * i + 1, 2 * i + 2] : [i + 1]) {
        const show = !off.includes(one.id);
        if (chart && chart.series[line] && chart.series[line].show !== show) chart.setSeries(line, { show });
      }
    });
  }, [off.join('\n'), shape, width > 0]);
  const toggle = id => {
    const next = off.includes(id) ? off.filter(one => one !== id) : [...off, id];
    (onHidden ?? setOwn)(next);
  };
  const focus = event => {
    const step = { ArrowLeft: -1, ArrowRight: 1, PageUp: -10, PageDown: 10, Home: -Infinity, End: Infinity }[event.key];
    if (!step || !plot.current || !data[0].length) return;
    event.preventDefault();
    const next = Math.max(0, Math.min(data[0].length - 1, (plot.current.cursor.idx ?? (step > 0 ? -1 : data[0].length)) + step));
    const top = plot.current.over.clientHeight / 2;
    plot.current.setCursor({ left: plot.current.valToPos(data[0][next], 'x'), top });
  };
  return html`<figure class="curves">
    <figcaption title=${hint}>${title} <${WholeRange} chart=${plot} zoomed=${zoomed} /></figcaption>
    <div ref=${place} class="plot" style=${{ height: height + 'px' }} tabindex="0" role="img" onKeyDown=${focus}
      aria-label=${t('parts-curves.chart', { title, lines: series.map(one => one.name).join(', ') })}></div>
    <div class="legend" role="toolbar" aria-label=${t('parts-curves.legend', { title })}>
      <span class="at">${at === null ? x : `${x} ${xFormat(data[0][at])}`}</span>
      ${series.map((one, i) => {
        const line = data[smooth ? 2 * i + 2 : i + 1] ?? [];
        const value = at === null ? last(line) : line[at];
        return html`<button key=${one.id} class="plain" aria-pressed=${!off.includes(one.id)} title=${one.name} onClick=${() => toggle(one.id)}>
          <span class=${one.dashed ? 'swatch dashed' : 'swatch'} style=${{ borderColor: color(one.color ?? i) }}></span>
          <bdi class="name">${one.name}</bdi> <span class="value">${value === null || value === undefined ? '–' : yFormat(value)}</span></button>`;
      })}
    </div>
    <${DataTable} title=${title} head=${[x, ...series.map(one => one.name)]} rows=${() => table(series, xFormat, yFormat)} />
  </figure>`;
}

/** The numbers behind a chart, as a table that is made when it is opened. */
export function DataTable({ title, head, rows }) {
  const [open, setOpen] = useState(false);
  return html`<details class="numbers" onToggle=${event => setOpen(event.currentTarget.open)}>
    <summary>${t('parts-curves.table')}</summary>
    ${open && html`<div class="table" role="region" tabindex="0" aria-label=${title}><table>
      <thead><tr>${head.map((one, i) => html`<th key=${i} scope="col"><bdi>${one}</bdi></th>`)}</tr></thead>
      <tbody>${rows().map((row, i) => html`<tr key=${i}>${row.map((cell, c) => html`<td key=${c} class="number">${cell}</td>`)}</tr>`)}</tbody>
    </table></div>`}
  </details>`;
}

function last(values) {
  for (let i = values.length - 1; i >= 0; i--) if (values[i] !== null && values[i] !== undefined) return values[i];
  return null;
}

/** As uPlot takes them: one list of places, and for each line its values there. */
function joined(series, smoothing, log) {
  const tables = series.flatMap(one => {
    const points = one.points.filter(([, value]) => Number.isFinite(value) && (!log || value > 0)).sort((a, b) => a[0] - b[0]);
    const xs = points.map(point => point[0]);
    const ys = points.map(point => point[1]);
    return smoothing > 0 ? [[xs, ys], [xs, smoothed(ys, one.smoothing ?? smoothing)]] : [[xs, ys]];
  });
  return tables.length ? uPlot.join(tables.map(one => (one[0].length ? one : [[0], [null]]))) : [[]];
}

function table(series, xFormat, yFormat) {
  const [xs, ...lines] = joined(series, 0, false);
  const step = Math.max(1, Math.ceil(xs.length / ROWS));
  return xs.map((at, i) => [xFormat(at), ...lines.map(line => (line[i] === null || line[i] === undefined ? '' : yFormat(line[i])))]).filter((row, i) => i % step === 0 || i === xs.length - 1);
}

function options({ series, x, y, xFormat, yFormat, log, time, smooth, width, height, off, data, setAt, hooks }) {
  const font = '12px system-ui, sans-serif';
  const axis = {
    stroke: css('--soft'),
    font,
    labelFont: font,
    labelSize: 18,
    grid: { stroke: css('--line'), width: 1 },
    ticks: { stroke: css('--line'), width: 1 },
  };
  const few = data[0].length < FEW;
  const lines = series.flatMap((one, i) => {
    const tone = color(one.color ?? i);
    const line = {
      label: one.name,
      stroke: tone,
      width: 2,
      dash: one.dashed ? [6, 4] : dash(one.color ?? i),
      spanGaps: true,
      show: !off.includes(one.id),
      points: { show: few, size: 5, fill: tone },
    };
    return smooth ? [{ ...line, width: 1, alpha: 0.3, dash: [], points: { show: false } }, line] : [line];
  });
  return {
    width,
    height,
    legend: { show: false },
    cursor: { points: { size: 7 }, drag: { x: true, y: false } },
    scales: {
      x: { time: false, range: (chart, low, high) => (low === high ? [low - 0.5, high + 0.5] : [low, high]) },
      y: log ? { distr: 3 } : {},
    },
    axes: [
      { ...axis, label: x || undefined, size: 32, ...(time ? { incrs: SECONDS } : data[0].every(Number.isInteger) ? { incrs: WHOLE } : {}), space: time ? 80 : 45, values: (chart, values) => values.map(value => (xFormat === plain ? tick(value) : xFormat(value))) },
      { ...axis, label: y || undefined, size: 58, values: (chart, values) => values.map(value => (value === null ? '' : yFormat === plain ? tick(value) : yFormat(value))) },
    ],
    series: [{}, ...lines],
    hooks: { ...hooks, setCursor: [chart => setAt(chart.cursor.idx ?? null)] },
  };
}
