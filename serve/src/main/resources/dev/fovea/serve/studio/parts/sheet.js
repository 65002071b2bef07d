// A contact sheet of any number of images: only the rows on the screen exist, and each row is one image from the studio.
import { html, useEffect, useLayoutEffect, useMemo, useRef, useState } from '/lib/preact.js';
import { imageUrl } from '/base/api.js';
import { useTheme } from '/parts/colors.js';
import { Picture } from '/parts/picture.js';
import { problemNames } from '/parts/problem-names.js';

const GAP = 6;
const CAPTION = 22;
/** Rows beyond the screen, on the side to which it moves; more of them the faster it moves. */
const AHEAD = 6;
const MOST_AHEAD = 18;
const BEHIND = 2;
/** Browsers draw nothing beyond some height: Firefox from 17.8 million pixels on. */
const HIGHEST = 15e6;
/** Milliseconds without scrolling after which the caller is told where it ended. */
const STILL_MS = 300;
/** Frames of the screen within which a row should have come. */
const LEAD = 12;

/** Where image `position` of a search is, from runs of [part, first, last]. */
export class Positions {
  constructor(runs) {
    this.runs = runs;
    this.starts = [];
    let total = 0;
    for (const [, first, last] of runs) {
      this.starts.push(total);
      total += last - first + 1;
    }
    this.total = total;
  }

  at(position) {
    let low = 0;
    let high = this.runs.length - 1;
    while (low < high) {
      const middle = (low + high + 1) >> 1;
      if (this.starts[middle] <= position) low = middle;
      else high = middle - 1;
    }
    const [part, first] = this.runs[low];
    return { part, index: first + position - this.starts[low] };
  }

  /** The position of an image `part:index`; -1 where it is not among these. */
  find(name) {
    const [part, at] = name.split(':');
    const index = Number(at);
    const run = this.runs.findIndex(([own, first, last]) => own === part && index >= first && index <= last);
    return run < 0 ? -1 : this.starts[run] + index - this.runs[run][1];
  }

  /** As the address of a row takes it. */
  text(from, to) {
    const runs = [];
    for (let position = from; position < to; position++) {
      const { part, index } = this.at(position);
      const last = runs[runs.length - 1];
      if (last && last.part === part && last.to + 1 === index) last.to = index;
      else runs.push({ part, from: index, to: index });
    }
    return runs.map(run => `${run.part}:${run.from}` + (run.to > run.from ? `-${run.to}` : '')).join(',');
  }
}

/** The colour behind images, as the theme has it. */
function ground() {
  const colour = getComputedStyle(document.documentElement).getPropertyValue('--card').trim();
  const short = colour.match(/^#(.)(.)(.)$/);
  if (short) return short.slice(1).map(one => one + one).join('');
  return /^#[0-9a-f]{6}$/i.test(colour) ? colour.slice(1) : '808080';
}

function Row({ path, version, positions, from, to, cell, top, colour, density, seen, children }) {
  const of = positions.text(from, to);
  const src = imageUrl('/api/image/strip', { path, of, cell: Math.min(512, Math.round(cell * density)), ground: colour, v: version });
  const width = (to - from) * cell;
  return html`<div class="sheet-row" role="presentation" style=${{ transform: `translateY(${top}px)`, height: `${cell + CAPTION}px` }}>
    <span class="sheet-strip" aria-hidden="true" style=${{ width: `${width}px`, height: `${cell}px` }}>
      <${Picture} src=${src} alt="" width=${width} height=${cell} decoding="async" draggable=${false} fetchpriority=${seen ? 'high' : 'low'} /></span>
    ${children}
  </div>`;
}

/**
 * positions: Positions; item(position) => {name, label, mark, to, problems} or undefined while it is not known; cursor and
 * selected (a Set of positions) are kept by the caller; onRange(from, to) says what is on the screen; onKey(event) sees keys
 * that do not move; top is the first image on the screen at the begin, onTop(position) says it where somebody has scrolled.
 */
export function Sheet({ path, version, positions, size, item, cursor, selected, label, onCursor, onSelect, onRange, onKey, onOpen, describe, caption, several = false, top: begin = 0, onTop = () => {} }) {
  const box = useRef(null);
  const [view, setView] = useState({ width: 0, height: 0, top: 0, down: true, step: 0 });
  const colour = useMemo(ground, [useTheme()]);
  const anchor = useRef(null);
  const seen = useRef(begin);
  const now = useRef(null);
  useLayoutEffect(() => {
    const element = box.current;
    const measure = () => setView(was => ({ ...was, width: element.clientWidth, height: element.clientHeight }));
    measure();
    const watch = new ResizeObserver(measure);
    watch.observe(element);
    return () => watch.disconnect();
  }, []);
  useEffect(() => {
    const element = box.current;
    let asked = 0;
    let still = 0;
    const scrolled = () => {
      const { pitch, columns } = now.current;
      seen.current = Math.floor(element.scrollTop / pitch) * columns;
      clearTimeout(still);
      still = setTimeout(() => now.current.onTop(seen.current), STILL_MS);
      if (asked) return;
      asked = requestAnimationFrame(() => {
        asked = 0;
        setView(was => ({ ...was, top: element.scrollTop, down: element.scrollTop >= was.top, step: Math.abs(element.scrollTop - was.top) }));
      });
    };
    element.addEventListener('scroll', scrolled, { passive: true });
    return () => {
      cancelAnimationFrame(asked);
      clearTimeout(still);
      element.removeEventListener('scroll', scrolled);
    };
  }, []);

  let columns = Math.max(1, Math.floor((view.width - GAP) / (size + GAP)));
  const side = () => Math.max(32, Math.floor((view.width - GAP) / columns)); // the gap is inside
  while (side() > 32 && (positions.total / columns) * (side() + CAPTION + GAP) > HIGHEST) columns++;
  const cell = side();
  const pitch = cell + CAPTION + GAP;
  now.current = { pitch, columns, onTop };
  const rows = Math.ceil(positions.total / columns);
  const jumped = view.step > 4 * view.height; // there is no telling where it goes next
  const ahead = jumped ? BEHIND : Math.min(MOST_AHEAD, AHEAD + Math.ceil((LEAD * view.step) / pitch));
  const top = Math.floor(view.top / pitch);
  const bottom = Math.ceil((view.top + view.height) / pitch);
  const first = Math.max(0, top - (view.down ? BEHIND : ahead));
  const last = view.height ? Math.min(rows, bottom + (view.down ? ahead : BEHIND)) : 0;
  const from = first * columns;
  const to = Math.min(positions.total, last * columns);
  useEffect(() => {
    if (to > from) onRange(from, to);
  }, [from, to, positions]);

  const show = position => {
    const element = box.current;
    const y = Math.floor(position / columns) * pitch;
    if (y < element.scrollTop) element.scrollTop = y;
    else if (y + pitch > element.scrollTop + element.clientHeight) element.scrollTop = y + pitch - element.clientHeight;
  };
  useLayoutEffect(() => {
    if (!view.width) return;
    if (seen.current > 0) box.current.scrollTop = Math.floor(seen.current / columns) * pitch;
    else if (cursor !== null && cursor < positions.total) show(cursor);
  }, [columns, pitch, view.width > 0]);
  const move = (position, extend) => {
    const next = Math.max(0, Math.min(positions.total - 1, position));
    if (extend) {
      anchor.current ??= cursor ?? next;
      onSelect(range(anchor.current, next));
    } else {
      anchor.current = next;
      if (selected.size === 1) onSelect(new Set()); // one that was clicked; several stay chosen
    }
    onCursor(next);
    show(next);
  };
  const keyed = event => {
    const page = Math.max(1, Math.floor(view.height / pitch)) * columns;
    const here = cursor ?? -1;
    const steps = { ArrowRight: 1, ArrowLeft: -1, ArrowDown: columns, ArrowUp: -columns, PageDown: page, PageUp: -page };
    if (event.key in steps && !event.altKey) {
      event.preventDefault();
      move(here < 0 ? 0 : here + steps[event.key], event.shiftKey);
    } else if (event.key === 'Home' || event.key === 'End') {
      event.preventDefault();
      move(event.key === 'Home' ? 0 : positions.total - 1, event.shiftKey);
    } else if (event.key === ' ' && cursor !== null) {
      event.preventDefault();
      anchor.current = cursor;
      onSelect(toggled(selected, cursor));
    } else if (event.key === 'a' && (event.ctrlKey || event.metaKey)) {
      event.preventDefault();
      onSelect(range(0, positions.total - 1));
    } else if (event.key === 'Escape') {
      onSelect(new Set());
    } else if (event.key === 'Enter' && cursor !== null) {
      event.preventDefault();
      onOpen(cursor);
    } else {
      onKey(event);
    }
  };
  const clicked = (event, position) => {
    box.current.focus({ preventScroll: true });
    if (event.shiftKey) {
      anchor.current ??= cursor ?? position;
      onSelect(range(anchor.current, position));
    } else {
      anchor.current = position;
      onSelect(event.ctrlKey || event.metaKey || several ? toggled(selected, position) : new Set([position]));
    }
    onCursor(position);
  };

  const density = Math.min(2, window.devicePixelRatio || 1);
  const shown = [];
  for (let row = first; row < last; row++) {
    const begin = row * columns;
    const end = Math.min(positions.total, begin + columns);
    const cells = [];
    for (let position = begin; position < end; position++) {
      const one = item(position);
      const chosen = selected.has(position);
      const classes = `cell${chosen ? ' chosen' : ''}${position === cursor ? ' here' : ''}${one?.mark ? ' ' + one.mark : ''}`;
      cells.push(html`<div key=${position} id=${`cell-${position}`} role="option" class=${classes} aria-selected=${String(chosen)}
          aria-label=${describe(position, one)} aria-setsize=${positions.total} aria-posinset=${position + 1} title=${one?.name}
          style=${{ width: `${cell}px` }} onClick=${event => clicked(event, position)} onDblClick=${() => onOpen(position)}>
        <span class="frame" style=${{ height: `${cell}px` }}>${one?.mark === 'remove' && html`<b aria-hidden="true">✕</b>`}
          ${one?.problems && html`<i aria-hidden="true" title=${problemNames(one.problems)}>!</i>`}</span>
        <span class="under">${one && caption(one)}</span>
      </div>`);
    }
    shown.push(html`<${Row} key=${row} path=${path} version=${version} positions=${positions} from=${begin} to=${end} cell=${cell}
      top=${row * pitch} colour=${colour} density=${density} seen=${row >= top && row < bottom}>${cells}<//>`);
  }
  return html`<div ref=${box} class="sheet" role="listbox" aria-multiselectable="true" aria-label=${label} tabindex="0"
      aria-activedescendant=${cursor !== null && cursor >= from && cursor < to ? `cell-${cursor}` : undefined} onKeyDown=${keyed}>
    <div class="sheet-all" role="presentation" style=${{ height: `${rows * pitch}px` }}>${shown}</div>
  </div>`;
}

function range(a, b) {
  const all = new Set();
  for (let i = Math.min(a, b); i <= Math.max(a, b); i++) all.add(i);
  return all;
}

function toggled(set, one) {
  const next = new Set(set);
  if (!next.delete(one)) next.add(one);
  return next;
}
