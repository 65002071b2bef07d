// An image with its objects, to be looked at and, where `edit` is given, changed: by mouse, touch and keyboard. Zoom by wheel, two
// fingers or buttons; the view is a part of the image, in its pixels.
import { html, useEffect, useRef, useState } from '/lib/preact.js';
import { t } from '/base/i18n.js';
import { addCorner, around, colour, dropCorner, inkOn, moved, points, resized, rounded, withCorner } from '/parts/shapes.js';

const MOST_ZOOM = 40;
const HANDLES = ['lt', 't', 'rt', 'r', 'rb', 'b', 'lb', 'l'];

/** Where a handle of a box is. */
function handleAt(edges, [left, top, right, bottom]) {
  const x = edges.includes('l') ? left : edges.includes('r') ? right : (left + right) / 2;
  const y = edges.includes('t') ? top : edges.includes('b') ? bottom : (top + bottom) / 2;
  return [x, y];
}

function cursor(edges) {
  if (edges === 't' || edges === 'b') return 'ns-resize';
  if (edges === 'l' || edges === 'r') return 'ew-resize';
  return edges === 'lt' || edges === 'rb' ? 'nwse-resize' : 'nesw-resize';
}

/**
 * @param image {url, width, height}
 * @param objects what is there; `proposals` are drawn dashed, a click on one calls onAccept
 * @param edit {tool, label, onAdd, onChange, onSelect, onDone}: none to look only
 */
export function ShapeStage({ image, objects, classes, selected = -1, proposals = [], onAccept, edit = null, names = true, fill = 0.18, mask = null, maskOpacity = 0.5, label, children }) {
  const svg = useRef(null);
  const [size, setSize] = useState({ width: 0, height: 0 });
  const [view, setView] = useState(null);
  const [drawing, setDrawing] = useState(null);
  const [drag, setDrag] = useState(null);
  const pointers = useRef(new Map());
  const pinch = useRef(null);

  useEffect(() => {
    const element = svg.current;
    const measure = () => setSize({ width: element.clientWidth, height: element.clientHeight });
    measure();
    const watcher = new ResizeObserver(measure);
    watcher.observe(element);
    return () => watcher.disconnect();
  }, []);
  useEffect(() => {
    setView(null);
    setDrawing(null);
    setDrag(null);
  }, [image.url]);
  useEffect(() => {
    if (edit?.tool !== 'polygon') setDrawing(null);
  }, [edit?.tool]);

  const fit = Math.min((size.width || 1) / image.width, (size.height || 1) / image.height);
  const now = view ?? { x: image.width / 2, y: image.height / 2, zoom: 1 };
  const scale = fit * now.zoom; // screen pixels of one of the image
  const seen = { width: (size.width || 1) / scale, height: (size.height || 1) / scale };
  const box = [now.x - seen.width / 2, now.y - seen.height / 2, seen.width, seen.height];
  const thin = 1 / scale;

  function at(event) {
    const frame = svg.current.getBoundingClientRect();
    return [box[0] + (event.clientX - frame.left) / scale, box[1] + (event.clientY - frame.top) / scale];
  }

  function zoomTo(zoom, x = now.x, y = now.y) {
    const next = Math.min(MOST_ZOOM, Math.max(1, zoom));
    const share = now.zoom / next;
    setView(next === 1 ? null : { zoom: next, x: x + (now.x - x) * share, y: y + (now.y - y) * share });
  }

  // The browser's own listener is passive: the page would scroll.
  useEffect(() => {
    const element = svg.current;
    const wheel = event => {
      event.preventDefault();
      const [x, y] = at(event);
      zoomTo(now.zoom * Math.exp(-event.deltaY * (event.ctrlKey ? 0.01 : 0.002)), x, y);
    };
    element.addEventListener('wheel', wheel, { passive: false });
    return () => element.removeEventListener('wheel', wheel);
  });

  function down(event) {
    if (event.button === 2) return;
    svg.current.focus({ preventScroll: true });
    svg.current.setPointerCapture(event.pointerId);
    pointers.current.set(event.pointerId, [event.clientX, event.clientY]);
    if (pointers.current.size === 2) {
      setDrag(null);
      pinch.current = { ...gap(), zoom: now.zoom, x: now.x, y: now.y };
      return;
    }
    const [x, y] = at(event);
    const part = event.target.closest('[data-part]');
    const pan = { kind: 'pan', from: [event.clientX, event.clientY], x: now.x, y: now.y, still: true };
    if (!edit || event.button === 1) return setDrag(pan);
    if (part?.dataset.part === 'proposal') return setDrag({ kind: 'accept', index: Number(part.dataset.index), from: [event.clientX, event.clientY] });
    if (part?.dataset.part === 'handle') return setDrag({ kind: 'resize', edges: part.dataset.edges, object: objects[selected] });
    if (part?.dataset.part === 'corner') {
      const [ring, corner] = [Number(part.dataset.ring), Number(part.dataset.corner)];
      if (event.altKey) return edit.onChange(selected, dropCorner(objects[selected], ring, corner));
      return setDrag({ kind: 'corner', ring, corner, object: objects[selected] });
    }
    if (part?.dataset.part === 'middle') {
      const [ring, after] = [Number(part.dataset.ring), Number(part.dataset.corner)];
      return setDrag({ kind: 'corner', ring, corner: after + 1, object: addCorner(objects[selected], ring, after, x, y) });
    }
    if (edit.tool === 'box') return setDrag({ kind: 'box', from: [x, y], to: [x, y] });
    if (edit.tool === 'polygon') return setDrag({ kind: 'point', from: [event.clientX, event.clientY] });
    if (part?.dataset.part === 'object') {
      const index = Number(part.dataset.index);
      edit.onSelect(index);
      return setDrag({ kind: 'move', index, object: objects[index], from: [x, y] });
    }
    return setDrag(pan);
  }

  function gap() {
    const [a, b] = [...pointers.current.values()];
    return { far: Math.hypot(a[0] - b[0], a[1] - b[1]) || 1, mid: [(a[0] + b[0]) / 2, (a[1] + b[1]) / 2] };
  }

  function move(event) {
    if (pointers.current.has(event.pointerId)) pointers.current.set(event.pointerId, [event.clientX, event.clientY]);
    if (pinch.current && pointers.current.size === 2) {
      const is = gap();
      const zoom = Math.min(MOST_ZOOM, Math.max(1, (pinch.current.zoom * is.far) / pinch.current.far));
      const scaled = fit * zoom;
      setView({ zoom, x: pinch.current.x - (is.mid[0] - pinch.current.mid[0]) / scaled, y: pinch.current.y - (is.mid[1] - pinch.current.mid[1]) / scaled });
      return;
    }
    const [x, y] = at(event);
    if (drawing) setDrawing({ ...drawing, to: [x, y] });
    if (!drag) return;
    if (drag.kind === 'pan') {
      const [dx, dy] = [event.clientX - drag.from[0], event.clientY - drag.from[1]];
      if (Math.hypot(dx, dy) > 3 || !drag.still) {
        setDrag({ ...drag, still: false });
        setView({ zoom: now.zoom, x: drag.x - dx / scale, y: drag.y - dy / scale });
      }
    } else if (drag.kind === 'box') setDrag({ ...drag, to: [x, y] });
    else if (drag.kind === 'move') setDrag({ ...drag, now: moved(drag.object, x - drag.from[0], y - drag.from[1], image) });
    else if (drag.kind === 'resize') setDrag({ ...drag, now: resized(drag.object, drag.edges, x, y, image) });
    else if (drag.kind === 'corner') setDrag({ ...drag, now: withCorner(drag.object, drag.ring, drag.corner, x, y, image) });
  }

  function up(event) {
    pointers.current.delete(event.pointerId);
    if (pinch.current) {
      if (pointers.current.size === 0) pinch.current = null;
      return;
    }
    if (!drag) return;
    const still = drag.from && Math.hypot(event.clientX - drag.from[0], event.clientY - drag.from[1]) < 5;
    setDrag(null);
    if (drag.kind === 'pan' && drag.still) edit?.onSelect(-1);
    else if (drag.kind === 'accept' && still) onAccept?.(drag.index);
    else if (drag.kind === 'move' && drag.now && drag.now !== drag.object) edit.onChange(drag.index, tidy(drag.now));
    else if ((drag.kind === 'resize' || drag.kind === 'corner') && (drag.now || drag.kind === 'corner')) edit.onChange(selected, tidy(drag.now ?? drag.object));
    else if (drag.kind === 'box') addBox(drag.from, drag.to);
    else if (drag.kind === 'point' && still) addPoint(at(event));
  }

  function cancel(event) {
    pointers.current.delete(event.pointerId);
    pinch.current = null;
    setDrag(null);
  }

  const inside = ([x, y]) => [Math.min(Math.max(x, 0), image.width), Math.min(Math.max(y, 0), image.height)];

  function addBox(from, to) {
    const [a, b] = [inside(from), inside(to)];
    const drawn = [Math.min(a[0], b[0]), Math.min(a[1], b[1]), Math.max(a[0], b[0]), Math.max(a[1], b[1])];
    if ((drawn[2] - drawn[0]) * scale < 4 || (drawn[3] - drawn[1]) * scale < 4) return edit.onSelect(-1);
    if (drawn[2] - drawn[0] < 1 || drawn[3] - drawn[1] < 1) return undefined;
    return edit.onAdd(tidy({ label: edit.label, box: drawn, polygons: [], ignore: false, origin: -1 }));
  }

  function addPoint(point) {
    const [x, y] = inside(point).map(rounded);
    const ring = drawing?.ring ?? [];
    if (ring.length >= 6 && Math.hypot(ring[0] - x, ring[1] - y) * scale < 10) return close();
    if (ring.length > 0 && Math.hypot(ring.at(-2) - x, ring.at(-1) - y) * scale < 4) return undefined; // the second of a double click
    return setDrawing({ ring: [...ring, x, y], to: [x, y] });
  }

  function close() {
    const ring = drawing?.ring ?? [];
    setDrawing(null);
    const drawn = ring.length >= 6 ? around([ring]) : null;
    if (drawn && drawn[2] - drawn[0] >= 1 && drawn[3] - drawn[1] >= 1) {
      edit.onAdd({ label: edit.label, box: drawn, polygons: [ring], ignore: false, origin: -1 });
    }
  }

  function key(event) {
    const resizes = event.key.startsWith('Arrow') && edit && objects[selected];
    if ((event.ctrlKey || event.metaKey || event.altKey) && !resizes) return; // the browser's own
    if (event.key === '+' || event.key === '=') zoomTo(now.zoom * 1.4);
    else if (event.key === '-') zoomTo(now.zoom / 1.4);
    else if (event.key === '0') setView(null);
    else if (drawing && event.key === 'Enter') close();
    else if (drawing && event.key === 'Escape') setDrawing(null);
    else if (drawing && event.key === 'Backspace') setDrawing(drawing.ring.length > 2 ? { ...drawing, ring: drawing.ring.slice(0, -2) } : null);
    else if (event.key.startsWith('Arrow')) arrow(event);
    else if (edit && event.key === 'Enter' && edit.tool === 'box') middle();
    else return;
    event.preventDefault();
    event.stopPropagation();
  }

  /** A box for those who draw by keyboard: in the middle of what is seen, to be moved by arrows. */
  function middle() {
    const [w, h] = [Math.min(seen.width, image.width) / 4, Math.min(seen.height, image.height) / 4];
    addBox([now.x - w / 2, now.y - h / 2], [now.x + w / 2, now.y + h / 2]);
  }

  function arrow(event) {
    const step = event.shiftKey ? 10 : 1;
    const [dx, dy] = { ArrowLeft: [-step, 0], ArrowRight: [step, 0], ArrowUp: [0, -step], ArrowDown: [0, step] }[event.key];
    const object = objects[selected];
    if (!edit || !object) {
      setView({ ...now, x: now.x + (dx * 20) / scale, y: now.y + (dy * 20) / scale });
    } else if (event.altKey || event.ctrlKey) {
      if (object.polygons.length === 0) edit.onChange(selected, resized(object, 'rb', object.box[2] + dx, object.box[3] + dy, image));
    } else {
      edit.onChange(selected, moved(object, dx, dy, image));
    }
  }

  const shown = objects.map((object, index) => {
    if (drag?.now && (drag.kind === 'move' ? drag.index : selected) === index) return drag.now;
    return object;
  });
  const chosen = shown[selected];
  const drawn = drag?.kind === 'box' ? [...inside(drag.from), ...inside(drag.to)] : null;
  return html`<div class="stage">
    <svg ref=${svg} class=${'stage-view' + (edit ? ' tool-' + edit.tool : '')} tabindex="0" role="group" aria-label=${label}
        viewBox=${box.join(' ')} preserveAspectRatio="xMidYMid meet"
        onPointerDown=${down} onPointerMove=${move} onPointerUp=${up} onPointerCancel=${cancel}
        onDblClick=${() => drawing && close()} onKeyDown=${key} onContextMenu=${event => event.preventDefault()}>
      <image href=${image.url} x="0" y="0" width=${image.width} height=${image.height} preserveAspectRatio="none"
        style=${{ imageRendering: scale > 3 ? 'pixelated' : 'auto' }} />
      ${mask && html`<image href=${mask} x="0" y="0" width=${image.width} height=${image.height} preserveAspectRatio="none"
        opacity=${maskOpacity} style=${{ imageRendering: 'pixelated' }} />`}
      ${shown.map((object, index) => html`<${Shape} key=${'o' + index} object=${object} index=${index} thin=${thin} part="object"
        on=${index === selected} fill=${fill} name=${names ? classes[object.label] : null} top=${box[1]} left=${box[0]} />`)}
      ${proposals.map((object, index) => html`<${Shape} key=${'p' + index} object=${object} index=${index} thin=${thin} part="proposal" dashed
        fill=${0.06} name=${names ? object.text : null} top=${box[1]} left=${box[0]} />`)}
      ${edit && chosen && html`<${Handles} object=${chosen} thin=${thin} />`}
      ${drawn && html`<rect class="drawn" x=${Math.min(drawn[0], drawn[2])} y=${Math.min(drawn[1], drawn[3])} width=${Math.abs(drawn[2] - drawn[0])}
        height=${Math.abs(drawn[3] - drawn[1])} stroke=${colour(edit.label)} stroke-width=${2 * thin} fill=${colour(edit.label)} fill-opacity="0.2" />`}
      ${drawing && html`<polyline class="drawn" points=${points([...drawing.ring, ...drawing.to])} stroke=${colour(edit.label)} stroke-width=${2 * thin}
          fill=${colour(edit.label)} fill-opacity="0.15" />
        ${Array.from({ length: drawing.ring.length / 2 }, (_, i) => html`<circle key=${'d' + i} cx=${drawing.ring[2 * i]} cy=${drawing.ring[2 * i + 1]}
          r=${(i === 0 ? 6 : 3.5) * thin} fill="#fff" stroke=${colour(edit.label)} stroke-width=${1.5 * thin} />`)}`}
    </svg>
    <div class="stage-tools" role="group" aria-label=${t('parts-shapes.zoom')}>
      <button class="small secondary" type="button" aria-label=${t('parts-shapes.closer')} title=${t('parts-shapes.closer')} onClick=${() => zoomTo(now.zoom * 1.4)}>+</button>
      <button class="small secondary" type="button" aria-label=${t('parts-shapes.farther')} title=${t('parts-shapes.farther')} onClick=${() => zoomTo(now.zoom / 1.4)}>−</button>
      <button class="small secondary" type="button" aria-label=${t('parts-shapes.whole')} title=${t('parts-shapes.whole')} onClick=${() => setView(null)}>⤢</button>
      ${children}
    </div>
  </div>`;
}

function tidy(object) {
  return { ...object, box: object.box.map(rounded), polygons: object.polygons.map(polygon => polygon.map(rounded)) };
}

function Shape({ object, index, thin, part, on, fill, name, dashed, left, top }) {
  const [l, u, r, b] = object.box;
  const line = {
    'data-part': part,
    'data-index': index,
    stroke: colour(object.label),
    'stroke-width': (on ? 3 : 2) * thin,
    'stroke-dasharray': dashed || object.ignore ? `${6 * thin} ${4 * thin}` : undefined,
    fill: colour(object.label),
    'fill-opacity': on ? fill + 0.12 : fill,
  };
  const size = 12 * thin;
  const wide = name ? (String(name).slice(0, 24).length * 0.56 + 0.8) * size : 0;
  const y = Math.max(u - 1.35 * size, top);
  const x = Math.max(l, left);
  return html`<g class=${'shape' + (on ? ' on' : '')}>
    ${object.polygons.length > 0
      ? object.polygons.map((polygon, i) => html`<polygon key=${i} points=${points(polygon)} ...${line} />`)
      : html`<rect x=${l} y=${u} width=${r - l} height=${b - u} ...${line} />`}
    ${name && html`<g class="shape-name" aria-hidden="true"><rect x=${x} y=${y} width=${wide} height=${1.35 * size} fill=${colour(object.label)} />
      <text x=${x + 0.4 * size} y=${y + size} font-size=${size} fill=${inkOn(object.label)}>${short(name)}</text></g>`}
  </g>`;
}

const short = name => (String(name).length > 24 ? String(name).slice(0, 23) + '…' : String(name));

function Handles({ object, thin }) {
  const style = { fill: '#fff', stroke: colour(object.label), 'stroke-width': 1.5 * thin };
  if (object.polygons.length === 0) {
    return html`<g class="handles">${HANDLES.map(edges => {
      const [x, y] = handleAt(edges, object.box);
      return html`<g key=${edges}>
        <rect x=${x - 4.5 * thin} y=${y - 4.5 * thin} width=${9 * thin} height=${9 * thin} ...${style} />
        <rect data-part="handle" data-edges=${edges} x=${x - 11 * thin} y=${y - 11 * thin} width=${22 * thin} height=${22 * thin} fill="transparent" style=${{ cursor: cursor(edges) }} />
      </g>`;
    })}</g>`;
  }
  return html`<g class="handles">${object.polygons.map((polygon, ring) =>
    Array.from({ length: polygon.length / 2 }, (_, corner) => {
      const [x, y] = [polygon[2 * corner], polygon[2 * corner + 1]];
      const next = (corner + 1) % (polygon.length / 2);
      const [mx, my] = [(x + polygon[2 * next]) / 2, (y + polygon[2 * next + 1]) / 2];
      const long = Math.hypot(polygon[2 * next] - x, polygon[2 * next + 1] - y) > 24 * thin;
      return html`<g key=${ring + '-' + corner}>
        ${long && html`<circle data-part="middle" data-ring=${ring} data-corner=${corner} cx=${mx} cy=${my} r=${4 * thin} ...${style} opacity="0.6" style=${{ cursor: 'copy' }} />`}
        <circle cx=${x} cy=${y} r=${5 * thin} ...${style} />
        <circle data-part="corner" data-ring=${ring} data-corner=${corner} cx=${x} cy=${y} r=${11 * thin} fill="transparent" style=${{ cursor: 'move' }} />
      </g>`;
    }))}</g>`;
}
