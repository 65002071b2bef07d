// Small figures drawn as SVG: histograms with a threshold, points in two directions.
import { html, useMemo, useRef, useState } from '/lib/preact.js';
import { load, number, t } from '/base/i18n.js';
import { useTheme, useWidth } from '/parts/colors.js';
import { tone } from '/parts/shapes.js';

await load('parts-images');

/** Shapes in addition to colours, for those who cannot tell colours apart: of radius 3.6 around 0, 0. */
const SHAPES = ['M-3.4 0a3.4 3.4 0 1 0 6.8 0a3.4 3.4 0 1 0-6.8 0', 'M-3-3h6v6h-6z', 'M0-4L3.8 3h-7.6z', 'M0-4.2L4.2 0L0 4.2L-4.2 0z', 'M-1.3-4h2.6v2.7h2.7v2.6h-2.7v2.7h-2.6v-2.7h-2.7v-2.6h2.7z', 'M0 4L3.8-3h-7.6z'];

function shape(index) {
  return SHAPES[index % SHAPES.length];
}

/**
 * Bars of how often numbers were found: series [{name, counts, colour}], each bar `step` wide, from `least` on; `threshold` is a line.
 * With `onPick(bar)` each bar is a button, which arrows move between, and where they are narrower than a finger there is a list of them,
 * too; `selected` is one that is open. `say(n)` names what is counted.
 */
export function Histogram({ series, least, step, threshold, label, axis, selected = null, onPick = null, say = n => number(n) }) {
  const place = useRef(null);
  const width = Math.max(280, useWidth(place) || 640);
  const [focus, setFocus] = useState(null);
  const height = 240;
  const left = 8;
  const foot = 34;
  const bars = Math.max(1, series[0]?.counts.length ?? 1);
  const most = least + step * bars;
  const sums = Array.from({ length: bars }, (_, i) => series.reduce((sum, one) => sum + one.counts[i], 0));
  const filled = sums.map((n, i) => (n > 0 ? i : -1)).filter(i => i >= 0);
  const current = filled.includes(focus) ? focus : filled.includes(selected) ? selected : filled[0];
  const highest = Math.max(1, ...series.flatMap(one => one.counts));
  const wide = (width - 2 * left) / bars;
  const at = value => left + ((value - least) / (most - least)) * (width - 2 * left);
  const every = Math.max(1, Math.ceil(bars / Math.max(2, Math.floor(width / 110))));
  const ticks = Array.from({ length: Math.floor(bars / every) + 1 }, (_, i) => i * every); // where bars meet
  const digits = Math.max(0, Math.min(8, Math.ceil(-Math.log10(step)) + 1));
  const range = i => t('parts-images.bar', { from: number(least + i * step, digits), to: number(least + (i + 1) * step, digits), what: say(sums[i]) });
  const move = event => {
    const to = { ArrowLeft: -1, ArrowRight: 1, Home: -Infinity, End: Infinity }[event.key];
    if (!to || !filled.length) return;
    event.preventDefault();
    const next = filled[Math.max(0, Math.min(filled.length - 1, filled.indexOf(current) + to))];
    setFocus(next);
    event.currentTarget.querySelector(`[data-bar="${next}"]`)?.focus();
  };
  const pick = i => event => {
    if (event.type === 'click' || event.key === 'Enter' || event.key === ' ') {
      event.preventDefault();
      setFocus(i);
      onPick(i);
    }
  };
  return html`<div class="plot-box" ref=${place}><svg class="plot histogram" viewBox=${`0 0 ${width} ${height}`} style=${{ height: `${height}px` }} role=${onPick ? 'group' : 'img'} aria-label=${label} onKeyDown=${onPick ? move : undefined}>
    <g aria-hidden="true">${series.map(one => one.counts.map((count, i) => {
      const high = Math.sqrt(count / highest) * (height - foot - 8);
      return count > 0 && html`<rect key=${one.name + i} x=${left + i * wide} y=${height - foot - high} width=${Math.max(1, wide - 1)} height=${high} fill=${one.colour} fill-opacity=${selected === null || selected === i ? '.75' : '.4'} />`;
    }))}
    <line x1=${left} x2=${width - left} y1=${height - foot} y2=${height - foot} stroke="currentColor" stroke-opacity=".5" />
    ${ticks.map(i => html`<text key=${i} x=${at(least + i * step)} y=${height - foot + 14} font-size="12" fill="currentColor" text-anchor=${i === 0 ? 'start' : i === bars ? 'end' : 'middle'}>${number(least + i * step, digits)}</text>`)}
    <text x=${width / 2} y=${height - 4} font-size="12" fill="currentColor" text-anchor="middle">${axis}</text>
    ${threshold !== undefined && threshold >= least && threshold <= most && html`<line x1=${at(threshold)} x2=${at(threshold)} y1="2" y2=${height - foot} stroke="var(--bad)" stroke-width="2" stroke-dasharray="5 3" />`}</g>
    ${onPick && filled.map(i => html`<rect key=${'b' + i} class="bar-button" data-bar=${i} role="button" tabindex=${i === current ? 0 : -1} aria-pressed=${String(i === selected)} aria-label=${range(i)}
      x=${left + i * wide} y="2" height=${height - foot - 2} style=${{ width: `${Math.max(3, wide)}px` }} onClick=${pick(i)} onKeyDown=${pick(i)} onFocus=${() => setFocus(i)}><title>${range(i)}</title></rect>`)}
  </svg>
  ${onPick && html`<select class="bars" aria-label=${t('parts-images.chooseBar')} value=${selected ?? ''} onChange=${event => onPick(event.target.value === '' ? selected : Number(event.target.value))}>
    <option value="">${t('parts-images.chooseBar')}</option>${filled.map(i => html`<option key=${i} value=${i} selected=${i === selected}>${range(i)}</option>`)}</select>`}
  <ul class="legend">${series.length > 1 && series.map(one => html`<li key=${one.name}><span class="swatch" style=${{ background: one.colour }}></span><bdi>${one.name}</bdi></li>`)} <li class="soft">${t('parts-images.rootHeights')}${onPick && html` ${t('parts-images.pickBar')}`}</li></ul></div>`;
}

function ends(values) {
  let least = Infinity;
  let most = -Infinity;
  for (const value of values) {
    least = Math.min(least, value);
    most = Math.max(most, value);
  }
  const room = (most - least || 1) * 0.05;
  return [least - room, most + room];
}

/**
 * points: [{x, y, group, title}], groups named by `groups`; `onPick(index)` is given the point that is clicked, or that the arrows have
 * led to and Enter chooses; `marked` are [{x, y, text}] drawn over all; `diagonal` draws where x is y.
 */
export function Points({ points, groups = [], onPick, marked = [], diagonal = false, xTitle, yTitle, label, square = true }) {
  useTheme();
  const place = useRef(null);
  const width = Math.max(280, Math.min(640, useWidth(place) || 640));
  const height = Math.round(width * (square ? 0.82 : 0.56));
  const left = 52;
  const foot = 40;
  const [at, setAt] = useState(-1); // among those in order, from left to right
  const order = useMemo(() => [...points.keys()].sort((a, b) => points[a].x - points[b].x || points[a].y - points[b].y), [points]);
  const current = points[order[at]];
  let [x0, x1] = ends(points.map(one => one.x).concat(marked.map(one => one.x)));
  let [y0, y1] = ends(points.map(one => one.y).concat(marked.map(one => one.y)));
  if (diagonal) {
    x0 = y0 = Math.min(x0, y0);
    x1 = y1 = Math.max(x1, y1);
  }
  const px = x => left + ((x - x0) / (x1 - x0)) * (width - left - 8);
  const py = y => height - foot - ((y - y0) / (y1 - y0)) * (height - foot - 8);
  const nearest = event => {
    const svg = event.currentTarget;
    const box = svg.getBoundingClientRect();
    const x = ((event.clientX - box.left) / box.width) * width;
    const y = ((event.clientY - box.top) / box.height) * height;
    let best = -1;
    let closest = 400;
    points.forEach((one, i) => {
      const far = (px(one.x) - x) ** 2 + (py(one.y) - y) ** 2;
      if (far < closest) {
        closest = far;
        best = i;
      }
    });
    if (best >= 0) onPick(best);
  };
  const move = event => {
    const step = { ArrowLeft: -1, ArrowDown: -1, ArrowRight: 1, ArrowUp: 1, PageUp: 10, PageDown: -10, Home: -Infinity, End: Infinity }[event.key];
    if (step && order.length) setAt(Math.max(0, Math.min(order.length - 1, at + step)));
    else if ((event.key === 'Enter' || event.key === ' ') && current) onPick(order[at]);
    else return;
    event.preventDefault();
  };
  const picked = onPick ? { role: 'application', tabindex: 0, onClick: nearest, onKeyDown: move, onBlur: () => setAt(-1) } : { role: 'img' };
  return html`<div class="plot-box" ref=${place}><svg class="plot" viewBox=${`0 0 ${width} ${height}`} aria-label=${label} ...${picked} style=${{ maxWidth: '40rem' }}>
    <rect x=${left} y="8" width=${width - left - 8} height=${height - foot - 8} fill="none" stroke="currentColor" stroke-opacity=".35" />
    ${diagonal && html`<line x1=${px(x0)} y1=${py(y0)} x2=${px(x1)} y2=${py(y1)} stroke="currentColor" stroke-opacity=".5" stroke-dasharray="4 3" />`}
    ${points.map((one, i) => html`<path key=${i} d=${shape(one.group ?? 0)} transform=${`translate(${px(one.x)} ${py(one.y)})`} fill=${tone(one.group ?? 0)} fill-opacity=".7" stroke="currentColor" stroke-opacity=".5" stroke-width=".6"><title>${one.title}</title></path>`)}
    ${current && html`<circle cx=${px(current.x)} cy=${py(current.y)} r="7" fill="none" stroke="currentColor" stroke-width="2.5" />`}
    ${marked.map((one, i) => html`<g key=${'m' + i}><circle cx=${px(one.x)} cy=${py(one.y)} r="8" fill="var(--paper)" stroke="currentColor" stroke-width="2" />
      <text x=${px(one.x)} y=${py(one.y) + 4} font-size="11" font-weight="700" text-anchor="middle" fill="currentColor">${one.text}</text></g>`)}
    ${[x0, (x0 + x1) / 2, x1].map((x, i) => html`<text key=${'x' + i} x=${px(x)} y=${height - foot + 15} font-size="11" fill="currentColor" text-anchor=${['start', 'middle', 'end'][i]}>${number(x, 2)}</text>`)}
    ${[y0, (y0 + y1) / 2, y1].map((y, i) => html`<text key=${'y' + i} x=${left - 6} y=${py(y) + (i === 2 ? 10 : i === 0 ? 0 : 4)} font-size="11" fill="currentColor" text-anchor="end">${number(y, 2)}</text>`)}
    <text x=${(width + left) / 2} y=${height - 6} font-size="12" fill="currentColor" text-anchor="middle">${xTitle}</text>
    <text x="12" y=${height / 2} font-size="12" fill="currentColor" text-anchor="middle" transform=${`rotate(-90 12 ${height / 2})`}>${yTitle}</text>
  </svg>
  ${onPick && html`<p class="at soft" aria-live="polite">${current?.title ?? t('parts-images.pickPoint')}</p>`}
  ${groups.length > 1 && html`<ul class="legend">${groups.map((name, i) => html`<li key=${name}><svg width="12" height="12" viewBox="-5 -5 10 10" aria-hidden="true"><path d=${shape(i)} fill=${tone(i)} /></svg> <bdi>${name}</bdi></li>`)}</ul>`}</div>`;
}
