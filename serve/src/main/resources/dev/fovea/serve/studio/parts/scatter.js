// Points in two measures, as SVG: each can be reached by mouse and by keyboard, and read in a table.
import { html, useMemo, useRef, useState } from '/lib/preact.js';
import { load, t, useLanguage } from '/base/i18n.js';
import { go } from '/base/router.js';
import { color, stylesheet, useTheme, useWidth } from '/parts/colors.js';
import { DataTable, plain, SECONDS } from '/parts/curves.js';

await Promise.all([load('parts-curves'), stylesheet('/curves.css')]);

const LEFT = 62;
const RIGHT = 14;
const TOP = 10;
const BOTTOM = 42;

/**
 * points: [{id, name, x, y, color (a number of the palette), selected, label (a letter or two beside it)}]; those without a
 * finite x and y are left out. x, y: what stands at the axes; logX, logY; time: whether x is seconds; onPick(id) is told of
 * a click or Enter; href(id): the address that a point leads to instead, in the table, too.
 */
export function Scatter({ title, points, x = '', y = '', xFormat = plain, yFormat = plain, logX = false, logY = false, time = false, height = 320, onPick = null, href = null, legend = null }) {
  useLanguage();
  useTheme();
  const place = useRef(null);
  const width = useWidth(place);
  const [at, setAt] = useState(-1);
  const shown = useMemo(
    () => points.filter(one => usable(one.x, logX) && usable(one.y, logY)).sort((a, b) => a.x - b.x || a.y - b.y),
    [points, logX, logY],
  );
  const across = scale(shown.map(one => one.x), LEFT, Math.max(LEFT + 1, width - RIGHT), logX, Math.max(2, Math.floor(width / 90)), time);
  const up = scale(shown.map(one => one.y), height - BOTTOM, TOP, logY, 5);
  const current = shown[at];
  const pick = href ? id => go(href(id)) : onPick;
  const move = event => {
    const step = { ArrowLeft: -1, ArrowUp: -1, ArrowRight: 1, ArrowDown: 1, Home: -Infinity, End: Infinity }[event.key];
    if (step && shown.length) {
      event.preventDefault();
      setAt(Math.max(0, Math.min(shown.length - 1, at + step)));
    } else if ((event.key === 'Enter' || event.key === ' ') && current && pick) {
      event.preventDefault();
      pick(current.id);
    }
  };
  return html`<figure class="curves scatter">
    <figcaption>${title}</figcaption>
    <div ref=${place} class="plot" style=${{ height: height + 'px' }} tabindex="0" role="application" onKeyDown=${move}
      aria-label=${t('parts-curves.scatter', { title, x, y, n: shown.length })} onMouseLeave=${() => setAt(-1)}>
      ${width > 0 && html`<svg width=${width} height=${height} aria-hidden="true">
        ${named(up.ticks, yFormat).map(tick => html`<g key=${'y' + tick}>
          <line class="grid" x1=${LEFT} x2=${width - RIGHT} y1=${up.at(tick)} y2=${up.at(tick)} />
          <text x=${LEFT - 8} y=${up.at(tick) + 4} text-anchor="end">${yFormat(tick)}</text></g>`)}
        ${named(across.ticks, xFormat).map(tick => html`<g key=${'x' + tick}>
          <line class="grid" y1=${TOP} y2=${height - BOTTOM} x1=${across.at(tick)} x2=${across.at(tick)} />
          <text x=${across.at(tick)} y=${height - BOTTOM + 16} text-anchor="middle">${xFormat(tick)}</text></g>`)}
        <text x=${(LEFT + width - RIGHT) / 2} y=${height - 6} text-anchor="middle">${x}</text>
        <text class="turned" transform=${`translate(12 ${(TOP + height - BOTTOM) / 2}) rotate(-90)`} text-anchor="middle">${y}</text>
        ${shown.map((one, i) => html`<circle key=${one.id} cx=${across.at(one.x)} cy=${up.at(one.y)} r=${i === at ? 8 : one.selected ? 7 : 5}
          fill=${color(one.color ?? 0)} class=${one.selected ? 'selected' : ''}
          onMouseEnter=${() => setAt(i)} onClick=${() => pick?.(one.id)} />
          ${one.label && html`<text class="label" x=${across.at(one.x) + 9} y=${up.at(one.y) - 6}>${one.label}</text>`}`)}
      </svg>`}
      ${current && html`<div class="tip" style=${tip(across.at(current.x), up.at(current.y), width)}>
        <strong><bdi>${current.name}</bdi></strong><br />${x}: ${xFormat(current.x)}<br />${y}: ${yFormat(current.y)}</div>`}
    </div>
    <p class="sr-only" aria-live="polite">${current ? `${current.name}: ${x} ${xFormat(current.x)}, ${y} ${yFormat(current.y)}` : ''}</p>
    ${legend && html`<div class="legend">${legend.map(one => html`<span key=${one.name} class="entry"><span class="swatch dot" style=${{ background: color(one.color) }}></span><bdi>${one.name}</bdi></span>`)}</div>`}
    ${shown.length < points.length && html`<p class="soft small-text">${t('parts-curves.without', { n: points.length - shown.length })}</p>`}
    <${DataTable} title=${title} head=${[t('parts-curves.name'), x, y]} rows=${() => shown.map(one => [href ? html`<a href=${href(one.id)}><bdi>${one.name}</bdi></a>` : one.name, xFormat(one.x), yFormat(one.y)])} />
  </figure>`;
}

/** Those whose names differ from the one before: few digits may say the same of two. */
const named = (ticks, format) => ticks.filter((tick, i) => i === 0 || format(tick) !== format(ticks[i - 1]));

const usable = (value, log) => Number.isFinite(value) && (!log || value > 0);

function tip(left, top, width) {
  const right = left > width / 2;
  return { [right ? 'right' : 'left']: (right ? width - left + 12 : left + 12) + 'px', top: Math.max(0, top - 20) + 'px' };
}

/** Places of values between two pixels, and round values to write at the axis. */
function scale(values, from, to, log, count, time = false) {
  const of = log ? Math.log10 : value => value;
  let low = values.length ? Math.min(...values.map(of)) : 0;
  let high = values.length ? Math.max(...values.map(of)) : 1;
  const room = (high - low || Math.abs(high) * 0.1 || 1) * 0.06;
  low -= room;
  high += room;
  const at = value => from + ((of(value) - low) / (high - low)) * (to - from);
  return { at, ticks: log ? powers(low, high) : steps(low, high, count, time) };
}

function steps(low, high, count, time) {
  const raw = (high - low) / count;
  const power = 10 ** Math.floor(Math.log10(raw));
  const round = [1, 2, 5, 10].map(one => one * power).find(one => one >= raw);
  const step = (time && SECONDS.find(one => one >= raw)) || round;
  const ticks = [];
  for (let i = Math.ceil(low / step); i * step <= high; i++) ticks.push(Number((i * step).toPrecision(12)));
  return ticks;
}

function powers(low, high) {
  const wide = high - low > 2;
  const ticks = [];
  for (let power = Math.floor(low); power <= high; power++) {
    for (const factor of wide ? [1] : [1, 2, 5]) {
      const value = factor * 10 ** power;
      if (Math.log10(value) >= low && Math.log10(value) <= high) ticks.push(value);
    }
  }
  return ticks;
}
