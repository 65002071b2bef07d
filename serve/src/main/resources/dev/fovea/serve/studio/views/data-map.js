// The images of a data set as points of a plane: what is alike lies together. Chosen ones can be looked at, left out, relabelled.
import { html, useEffect, useMemo, useRef, useState } from '/lib/preact.js';
import { get, imageUrl, workspace } from '/base/api.js';
import { load, number, percent, t } from '/base/i18n.js';
import { link, setParams } from '/base/router.js';
import { useLoaded, useStore } from '/base/store.js';
import { useCorrections, useUndoKeys } from '/parts/corrections.js';
import { job } from '/parts/job.js';
import { Failure, Skeleton } from '/parts/states.js';
import { toastError } from '/parts/toast.js';
import { useTheme } from '/parts/colors.js';
import { tone } from '/parts/shapes.js';

const SHOWN = 48;
const ROWS = 50;

export default function DataMap({ params }) {
  const path = params.get('path') ?? '';
  const asking = { path, run: params.get('run') ?? '', projection: params.get('projection') || 't-sne', most: Number(params.get('most') || 1000) };
  const { value, error, again } = useLoaded(async () => {
    await load('parts-shapes');
    return { ...(await get('/api/data/map', asking)), asked: JSON.stringify(asking) };
  }, [JSON.stringify(asking)]);
  const current = value?.asked === JSON.stringify(asking); // until the answer comes, the one before is still there
  return html`<div class="row spread"><h1>${t('data-map.title')} <bdi>${path}</bdi></h1>
      <a role="button" class="secondary" href=${link('/data/view', { path })}>${t('data-map.images')}</a></div>
    ${error && html`<${Failure} error=${error} again=${again} /><p><a href="/data">${t('data-map.back')}</a></p>`}
    ${!current && !error && html`<${Skeleton} lines=${1} height="24rem" />`}
    ${current && html`<${Choice} asking=${asking} value=${value} again=${again} />
      ${value.made ? html`<${Shown} key=${JSON.stringify(asking)} path=${path} map=${value} />` : html`<p class="empty">${t('data-map.notYet')}</p>`}`}`;
}

function Choice({ asking, value, again }) {
  const runs = useLoaded(() => get('/api/data/map/models'), []);
  const [busy, setBusy] = useState(false);
  const counts = [500, 1000, 2000, 5000].filter((count, i, all) => i === 0 || all[i - 1] < value.images);
  const current = counts.includes(asking.most) ? asking.most : counts.at(-1);
  const make = async () => {
    setBusy(true);
    try {
      await job('/api/data/map', asking);
      again();
    } catch (failed) {
      toastError(failed);
    } finally {
      setBusy(false);
    }
  };
  return html`<div class="row map-choice">
    <div class="field"><label for="by">${t('data-map.by')}</label><select id="by" value=${asking.run} onChange=${event => setParams({ run: event.target.value || null })}>
      <option value="" selected=${!asking.run}>${t('data-map.thumbnails')}</option>
      ${(runs.value?.models ?? []).map(one => html`<option key=${one.run} value=${one.run} selected=${one.run === asking.run}>${t('data-map.features', { run: one.run })}</option>`)}</select></div>
    <div class="field"><label for="projection">${t('data-map.projection')}</label><select id="projection" value=${asking.projection} onChange=${event => setParams({ projection: event.target.value })}>
      ${['t-sne', 'pca'].map(one => html`<option key=${one} value=${one} selected=${one === asking.projection}>${t(`data-map.${one}`)}</option>`)}</select></div>
    <div class="field"><label for="most">${t('data-map.most')}</label><select id="most" value=${current} onChange=${event => setParams({ most: event.target.value })}>
      ${counts.map(count => html`<option key=${count} value=${count} selected=${count === current}>${count >= value.images ? t('data-map.all', { n: value.images }) : number(count)}</option>`)}</select></div>
    <button id="make" onClick=${make} disabled=${busy || value.made} aria-busy=${String(busy)}>${t('data-map.make')}</button>
  </div>`;
}

function Shown({ path, map }) {
  useTheme();
  const writable = useStore(workspace)?.writable !== false;
  const [chosen, setChosen] = useState(new Set());
  const [removed, setRemoved] = useState(() => without(new Set(), map.marks));
  const [label, setLabel] = useState('');
  const [tool, setTool] = useState('pan');
  const [adding, setAdding] = useState(false);
  const classed = map.label.some(one => one >= 0);
  const [labels, setLabels] = useState(() => relabelled(map, map.label, map.marks));
  const drawn = useMemo(() => ({ ...map, label: labels }), [map, labels]);
  const strange = useMemo(() => strangeness(drawn), [drawn]);
  const places = useMemo(() => new Map(map.part.map((part, i) => [`${part} ${map.index[i]}`, i])), [map]);
  const mark = some => {
    setRemoved(was => without(was, some));
    setLabels(was => relabelled(map, was, some));
  };
  const corrections = useCorrections(path, map.version, marks => {
    const here = marks.map(one => ({ ...one, i: places.get(`${one.part} ${one.index}`) })).filter(one => one.i !== undefined);
    mark(here);
    setChosen(new Set(here.map(one => one.i)));
  });
  useUndoKeys(corrections.step, writable);
  const act = async (action, to) => {
    const some = [...chosen];
    const images = {};
    for (const i of some) (images[map.part[i]] ??= []).push(map.index[i]);
    try {
      await corrections.correct(action, images, { said: t(`data-map.did_${action}`, { n: some.length, label: to }), label: to });
      mark(some.map(i => ({ i, mark: action, to })));
      setChosen(new Set());
    } catch (failed) {
      toastError(failed);
    }
  };
  const list = [...chosen];
  return html`<p class="soft">${t('data-map.method', { n: map.x.length, all: map.images })}</p>
    <div class="map-main">
      <div>
        <${Plane} path=${path} map=${drawn} chosen=${chosen} removed=${removed} tool=${tool} adding=${adding} onChoose=${setChosen} />
        <div class="row">
          <div class="segments" role="group" aria-label=${t('data-map.tools')}>${['pan', 'rectangle', 'lasso'].map(one => html`<button key=${one} type="button" id=${'map-' + one} class="small secondary"
            aria-pressed=${String(tool === one)} onClick=${() => setTool(one)}>${t(`data-map.tool_${one}`)}</button>`)}</div>
          <label class="adding"><input type="checkbox" id="map-add" checked=${adding} onChange=${event => setAdding(event.target.checked)} /> ${t('data-map.add')}</label>
          <span class="soft">${t(`data-map.hint_${tool}`)}</span>
        </div>
        ${classed && html`<ul class="legend" aria-label=${t('data-map.classes')}>${map.classes.slice(0, 40).map((name, i) => html`<li key=${i}><button class="plain" onClick=${() => setChosen(new Set(labels.flatMap((one, at) => (one === i ? [at] : []))))}
          title=${t('data-map.chooseClass')}><span class="swatch" style=${{ background: tone(i) }} aria-hidden="true"></span> <bdi>${name}</bdi></button></li>`)}</ul>`}
      </div>
      <aside class="map-side" aria-label=${t('data-map.chosenImages')}>
        <h2 aria-live="polite">${t('data-map.chosen', { n: list.length })}</h2>
        ${list.length === 0 && html`<p class="soft">${t('data-map.chooseSome')}</p>`}
        ${list.length > 0 && html`<div class="row">
            ${writable && html`<button class="small secondary" id="map-remove" onClick=${() => act('remove')}>${t('data-map.remove')}</button>`}
            ${writable && map.targets === 'label' && html`<label class="sr-only" for="map-label">${t('data-map.relabel')}</label>
              <select id="map-label" value=${label} onChange=${event => { setLabel(''); if (event.target.value) act('relabel', event.target.value); }}>
                <option value="">${t('data-map.relabel')}</option>${map.classes.map(name => html`<option key=${name} value=${name}>${name}</option>`)}</select>`}
            <button class="small secondary" onClick=${() => setChosen(new Set())}>${t('data-map.none')}</button></div>
          <ul class="map-images">${list.slice(0, SHOWN).map(i => html`<li key=${i}><img loading="lazy" width="72" height="72" src=${imageUrl('/api/image', { path, part: map.part[i], index: map.index[i], size: 96 })}
            alt=${[map.name[i], map.classes[labels[i]]].filter(Boolean).join(', ')} title=${[map.name[i], map.classes[labels[i]]].filter(Boolean).join(', ')} /></li>`)}</ul>
          ${list.length > SHOWN && html`<p class="soft">${t('data-map.moreImages', { n: list.length - SHOWN })}</p>`}`}
      </aside>
    </div>
    <${Rows} map=${drawn} strange=${strange} chosen=${chosen} onChoose=${setChosen} classed=${classed} />`;
}

/** Those that are excluded once something is said about some, `{i, mark, to}`. */
function without(removed, some) {
  const next = new Set(removed);
  for (const { i, mark } of some) (mark === 'remove' ? next.add(i) : next.delete(i));
  return next;
}

/** The labels then: the data's own where no other is said. */
function relabelled(map, labels, some) {
  const next = [...labels];
  for (const { i, mark, to } of some) next[i] = mark === 'relabel' ? map.classes.indexOf(to) : map.label[i];
  return next;
}

/** Of each image, the share of its nearest neighbours on the map that are of another class. */
function strangeness(map) {
  return map.near.map((near, i) => (map.label[i] < 0 ? 0 : near.filter(j => map.label[j] !== map.label[i]).length / Math.max(1, near.length)));
}

/** The same as a table, those among images of other classes first: what stands out on the map is there, too. */
function Rows({ map, strange, chosen, onChoose, classed }) {
  const [count, setCount] = useState(ROWS);
  const [open, setOpen] = useState(false);
  const order = useMemo(() => [...map.x.keys()].sort((a, b) => strange[b] - strange[a]), [map, strange]);
  const toggle = i => {
    const next = new Set(chosen);
    if (!next.delete(i)) next.add(i);
    onChoose(next);
  };
  return html`<details class="map-rows" onToggle=${event => setOpen(event.target.open)}><summary>${t(classed ? 'data-map.tableClasses' : 'data-map.table')}</summary>
    ${open && html`<div class="table"><table>
      <thead><tr><th>${t('data-map.choose')}</th><th>${t('data-map.name')}</th>${classed && html`<th>${t('data-map.class')}</th><th class="number">${t('data-map.others')}</th>`}<th class="number">x</th><th class="number">y</th></tr></thead>
      <tbody>${order.slice(0, count).map(i => html`<tr key=${i}>
        <td><input type="checkbox" aria-label=${map.name[i]} checked=${chosen.has(i)} onChange=${() => toggle(i)} /></td>
        <td><bdi>${map.name[i]}</bdi> <span class="soft">${t(`data-map.part_${map.part[i]}`)}</span></td>
        ${classed && html`<td><bdi>${map.classes[map.label[i]] ?? ''}</bdi></td><td class="number">${percent(strange[i], 0)}</td>`}
        <td class="number">${number(map.x[i], 1)}</td><td class="number">${number(map.y[i], 1)}</td></tr>`)}</tbody></table></div>
      ${count < order.length && html`<button class="small secondary" onClick=${() => setCount(count + 200)}>${t('data-map.more')}</button>`}`}
  </details>`;
}

/** The points on a canvas: drawn anew for each change, as thousands of elements would be slow. */
function Plane({ path, map, chosen, removed, tool, adding, onChoose }) {
  const canvas = useRef(null);
  const [size, setSize] = useState({ width: 0, height: 0 });
  const [view, setView] = useState(null);
  const [hover, setHover] = useState(null);
  const [outline, setPath] = useState(null);
  const theme = useTheme();
  const drag = useRef(null);
  const pointers = useRef(new Map());
  const bounds = useMemo(() => {
    let [l, u, r, b] = [Infinity, Infinity, -Infinity, -Infinity];
    for (let i = 0; i < map.x.length; i++) {
      l = Math.min(l, map.x[i]);
      r = Math.max(r, map.x[i]);
      u = Math.min(u, map.y[i]);
      b = Math.max(b, map.y[i]);
    }
    return { x: (l + r) / 2, y: (u + b) / 2, width: Math.max(r - l, 1e-6) * 1.08, height: Math.max(b - u, 1e-6) * 1.08 };
  }, [map]);
  const fit = Math.min(size.width / bounds.width, size.height / bounds.height) || 1;
  const now = view ?? { x: bounds.x, y: bounds.y, zoom: 1 };
  const scale = fit * now.zoom;
  const screen = i => [(map.x[i] - now.x) * scale + size.width / 2, (map.y[i] - now.y) * scale + size.height / 2];

  useEffect(() => {
    const element = canvas.current;
    const measure = () => setSize({ width: element.clientWidth, height: element.clientHeight });
    measure();
    const watcher = new ResizeObserver(measure);
    watcher.observe(element);
    return () => watcher.disconnect();
  }, []);

  useEffect(() => {
    const element = canvas.current;
    const sharp = window.devicePixelRatio || 1;
    element.width = size.width * sharp;
    element.height = size.height * sharp;
    const draw = element.getContext('2d');
    const style = getComputedStyle(element);
    draw.scale(sharp, sharp);
    const radius = Math.max(2.5, Math.min(6, 60 / Math.sqrt(map.x.length)) * Math.sqrt(Math.min(4, now.zoom)));
    for (const later of [false, true]) {
      for (let i = 0; i < map.x.length; i++) {
        if (chosen.has(i) !== later) continue;
        const [x, y] = screen(i);
        if (x < -9 || y < -9 || x > size.width + 9 || y > size.height + 9) continue;
        draw.globalAlpha = removed.has(i) ? 0.15 : chosen.size > 0 && !later ? 0.45 : 0.85;
        draw.fillStyle = map.label[i] < 0 ? style.getPropertyValue('--accent') : tone(map.label[i]);
        draw.beginPath();
        shape(draw, map.label[i], x, y, later ? radius + 1 : radius);
        draw.fill();
        draw.lineWidth = later ? 2 : 0.5; // with a rim no colour is lost on a ground as dark or as light
        draw.strokeStyle = style.getPropertyValue('--ink');
        draw.stroke();
      }
    }
    draw.globalAlpha = 1;
    if (outline) {
      draw.strokeStyle = style.getPropertyValue('--accent');
      draw.lineWidth = 1.5;
      draw.setLineDash([5, 4]);
      draw.beginPath();
      outline.forEach(([x, y], i) => (i === 0 ? draw.moveTo(x, y) : draw.lineTo(x, y)));
      draw.closePath();
      draw.stroke();
    }
  }, [size, view, chosen, removed, outline, map, theme]);

  useEffect(() => {
    const element = canvas.current;
    const wheel = event => {
      event.preventDefault();
      zoomTo(now.zoom * Math.exp(-event.deltaY * (event.ctrlKey ? 0.01 : 0.002)), ...at(event));
    };
    element.addEventListener('wheel', wheel, { passive: false });
    return () => element.removeEventListener('wheel', wheel);
  });

  function at(event) {
    const frame = canvas.current.getBoundingClientRect();
    return [event.clientX - frame.left, event.clientY - frame.top];
  }

  function zoomTo(zoom, sx = size.width / 2, sy = size.height / 2) {
    const next = Math.min(80, Math.max(1, zoom));
    const [x, y] = [now.x + (sx - size.width / 2) / scale, now.y + (sy - size.height / 2) / scale];
    const share = now.zoom / next;
    setView(next === 1 ? null : { zoom: next, x: x + (now.x - x) * share, y: y + (now.y - y) * share });
  }

  function nearest(x, y) {
    let [best, least] = [-1, 14 * 14];
    for (let i = 0; i < map.x.length; i++) {
      const [px, py] = screen(i);
      const far = (px - x) ** 2 + (py - y) ** 2;
      if (far < least) [best, least] = [i, far];
    }
    return best;
  }

  function down(event) {
    canvas.current.setPointerCapture(event.pointerId);
    const [x, y] = at(event);
    pointers.current.set(event.pointerId, [x, y]);
    if (pointers.current.size === 2) {
      const [a, b] = [...pointers.current.values()];
      drag.current = { kind: 'pinch', far: Math.hypot(a[0] - b[0], a[1] - b[1]) || 1, zoom: now.zoom };
      setPath(null);
      return;
    }
    drag.current = { kind: tool, from: [x, y], x: now.x, y: now.y, add: event.shiftKey || adding, still: true };
    if (tool === 'lasso') setPath([[x, y]]);
  }

  function move(event) {
    const [x, y] = at(event);
    const is = drag.current;
    if (!is) {
      const found = nearest(x, y);
      setHover(found < 0 ? null : { i: found, x, y });
      return;
    }
    pointers.current.set(event.pointerId, [x, y]);
    if (is.kind === 'pinch') {
      const [a, b] = [...pointers.current.values()];
      if (b) zoomTo((is.zoom * Math.hypot(a[0] - b[0], a[1] - b[1])) / is.far, (a[0] + b[0]) / 2, (a[1] + b[1]) / 2);
      return;
    }
    if (Math.hypot(x - is.from[0], y - is.from[1]) > 3) is.still = false;
    if (is.still) return;
    setHover(null);
    if (is.kind === 'pan') setView({ zoom: now.zoom, x: is.x - (x - is.from[0]) / scale, y: is.y - (y - is.from[1]) / scale });
    else if (is.kind === 'rectangle') setPath([is.from, [x, is.from[1]], [x, y], [is.from[0], y]]);
    else setPath(was => [...(was ?? []), [x, y]]);
  }

  function up(event) {
    const is = drag.current;
    pointers.current.delete(event.pointerId);
    if (is?.kind === 'pinch' && pointers.current.size > 0) return;
    drag.current = null;
    if (!is || is.kind === 'pinch') return;
    if (is.still) {
      const found = nearest(...is.from);
      const next = new Set(is.add ? chosen : []);
      if (found >= 0 && !next.delete(found)) next.add(found);
      onChoose(next);
    } else if (is.kind !== 'pan' && outline) {
      const next = new Set(is.add ? chosen : []);
      for (let i = 0; i < map.x.length; i++) if (within(screen(i), outline)) next.add(i);
      onChoose(next);
    }
    setPath(null);
  }

  function key(event) {
    if (event.ctrlKey || event.metaKey || event.altKey) return; // the browser's own
    const by = 40 / scale;
    const step = { ArrowLeft: [-by, 0], ArrowRight: [by, 0], ArrowUp: [0, -by], ArrowDown: [0, by] }[event.key];
    if (step) setView({ zoom: now.zoom, x: now.x + step[0], y: now.y + step[1] });
    else if (event.key === '+' || event.key === '=') zoomTo(now.zoom * 1.4);
    else if (event.key === '-') zoomTo(now.zoom / 1.4);
    else if (event.key === '0') setView(null);
    else if (event.key === 'Escape') onChoose(new Set());
    else return;
    event.preventDefault();
  }

  return html`<div class="plane">
    <canvas ref=${canvas} class=${tool === 'pan' ? 'pan' : 'choose'} tabindex="0" role="img" aria-label=${t('data-map.plane', { n: map.x.length })}
      onPointerDown=${down} onPointerMove=${move} onPointerUp=${up} onPointerCancel=${up} onPointerLeave=${() => setHover(null)} onKeyDown=${key}></canvas>
    ${hover && html`<div class="plane-hover" style=${{ left: `${Math.min(hover.x + 14, size.width - 150)}px`, top: `${Math.min(hover.y + 14, size.height - 170)}px` }}>
      <img width="130" height="110" alt="" src=${imageUrl('/api/image', { path, part: map.part[hover.i], index: map.index[hover.i], size: 160 })} />
      <span><bdi>${map.classes[map.label[hover.i]] ?? map.name[hover.i]}</bdi></span></div>`}
  </div>`;
}

/** A circle for the first ten classes, a square, a diamond for later ones: colours alone repeat. */
function shape(draw, label, x, y, r) {
  const kind = Math.floor(Math.max(0, label) / 10) % 3;
  if (kind === 0) draw.arc(x, y, r, 0, 2 * Math.PI);
  else if (kind === 1) draw.rect(x - r, y - r, 2 * r, 2 * r);
  else {
    draw.moveTo(x, y - 1.3 * r);
    draw.lineTo(x + 1.3 * r, y);
    draw.lineTo(x, y + 1.3 * r);
    draw.lineTo(x - 1.3 * r, y);
    draw.closePath();
  }
}

function within([x, y], polygon) {
  let inside = false;
  for (let i = 0, j = polygon.length - 1; i < polygon.length; j = i++) {
    const [[ax, ay], [bx, by]] = [polygon[i], polygon[j]];
    if (ay > y !== by > y && x < ((bx - ax) * (y - ay)) / (by - ay) + ax) inside = !inside;
  }
  return inside;
}
