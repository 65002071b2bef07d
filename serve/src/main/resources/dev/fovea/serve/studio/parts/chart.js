// Curves drawn by uPlot, in the colours of the theme.
import uPlot from '/lib/uplot.js';
import { html, useEffect, useRef } from '/lib/preact.js';
import { number } from '/base/i18n.js';
import { css, useTheme } from '/parts/colors.js';
import { WholeRange, renew, useZoom } from '/parts/zoom.js';

/** Points [x, y] with an exponential moving average of the y, 0 to below 1, that is not drawn to 0 at its begin. */
export function smoothed(points, factor) {
  if (!factor) return points;
  let sum = 0;
  let weight = 0;
  return points.map(([x, y]) => {
    sum = sum * factor + y * (1 - factor);
    weight = weight * factor + (1 - factor);
    return [x, sum / weight];
  });
}

/** Steps between the ticks of epochs. */
const WHOLE = [0, 1, 2, 3, 4].flatMap(power => [1, 2, 5].map(one => one * 10 ** power));

/** What is read where the pointer is nowhere. */
function last(values) {
  return values.findLast(value => value !== null && value !== undefined) ?? null;
}

/** Also of what is far below 1. */
function short(value) {
  return value && Math.abs(value) < 0.001 ? value.toExponential(1) : number(value, 4);
}

function color(name) {
  return name.startsWith('--') ? css(name) : name;
}

/** All lines over the x of all of them, as uPlot wants it; what a line has not is a gap that is drawn across. */
function table(lines) {
  const xs = [...new Set(lines.flatMap(line => line.points.map(([x]) => x)))].sort((a, b) => a - b);
  const at = new Map(xs.map((x, i) => [x, i]));
  const rows = lines.map(line => {
    const ys = new Array(xs.length).fill(null);
    line.points.forEach(([x, y]) => (ys[at.get(x)] = y));
    return ys;
  });
  return [xs, ...rows];
}

/**
 * A chart: lines are {name, points: [[x, y]], color: '--accent' or a colour, faint: points drawn pale behind}. Its height is
 * fixed, so that nothing jumps; the numbers are read below the pointer in the legend.
 */
export function Chart({ title, hint = '', lines, x = '', height = 205 }) {
  const place = useRef(null);
  const plot = useRef(null);
  const theme = useTheme();
  const [hooks, zoomed] = useZoom();
  const all = lines.flatMap(line => [
    ...(line.faint ? [{ name: line.name, points: line.faint, color: line.color, pale: true }] : []),
    { name: line.name, points: line.points, color: line.color },
  ]);
  const shape = JSON.stringify(all.map(line => [line.name, line.color, !!line.pale, line.points.length < 2]));
  useEffect(() => {
    const ink = color('--soft');
    const grid = { stroke: color('--line'), width: 1 };
    const axis = { stroke: ink, grid, ticks: grid, font: '12px system-ui, sans-serif' };
    plot.current = new uPlot(
      {
        width: place.current.clientWidth,
        height: height - 30,
        scales: { x: { time: false } },
        cursor: { points: { size: 6 } },
        legend: { live: true },
        hooks,
        axes: [
          { ...axis, size: 32, incrs: Math.max(...all.flatMap(line => line.points.map(([at]) => at))) > 3 ? WHOLE : undefined, values: (_, ticks) => ticks.map(tick => number(tick, 3)) },
          { ...axis, size: 56, values: (_, ticks) => ticks.map(short) },
        ],
        series: [
          { label: x, value: (chart, v, series, at) => number(at === null ? last(chart.data[0]) : v, 2) },
          ...all.map(line => ({
            label: line.name,
            stroke: color(line.color),
            width: line.pale ? 1 : 2,
            alpha: line.pale ? 0.3 : 1,
            spanGaps: true,
            points: { show: line.points.length < 2, size: 6 },
            value: (chart, v, series, at) => short(at === null ? last(chart.data[series]) : v),
          })),
        ],
      },
      table(all),
      place.current,
    );
    // the pale lines stand behind theirs, and are not named twice
    place.current.querySelectorAll('.u-legend .u-series').forEach((row, i) => {
      if (i > 0 && all[i - 1].pale) row.hidden = true;
    });
    const resize = new ResizeObserver(() => plot.current.setSize({ width: place.current.clientWidth, height: height - 30 }));
    resize.observe(place.current);
    return () => {
      resize.disconnect();
      plot.current.destroy();
      plot.current = null;
    };
  }, [shape, theme]);
  useEffect(() => {
    renew(plot.current, table(all));
  });
  const ends = lines.map(line => (line.points.length ? `${line.name} ${number(line.points[line.points.length - 1][1], 4)}` : '')).join(', ');
  return html`<figure class="chart"><h3><bdi title=${hint}>${title}</bdi> <${WholeRange} chart=${plot} zoomed=${zoomed} /></h3>
    <div class="plot" ref=${place} role="img" aria-label=${`${title}: ${ends}`}></div></figure>`;
}
