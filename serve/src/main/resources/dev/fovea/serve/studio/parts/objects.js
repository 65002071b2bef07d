// Objects that a detector found, drawn over their image, with a slider for how sure it must be.
import { html, useEffect, useRef, useState } from '/lib/preact.js';
import { load, number, percent, t } from '/base/i18n.js';
import { colour, inkOn } from '/parts/shapes.js';

await load('parts-images');

/** COCO's compressed run lengths, column by column, as numbers. */
function runs(text) {
  const counts = [];
  for (let i = 0; i < text.length; ) {
    let value = 0;
    let shift = 0;
    let more = true;
    while (more) {
      const c = text.charCodeAt(i++) - 48;
      value |= (c & 0x1f) << (5 * shift++);
      more = (c & 0x20) !== 0;
      if (!more && (c & 0x10)) value |= -1 << (5 * shift);
    }
    if (counts.length > 2) value += counts[counts.length - 2];
    counts.push(value);
  }
  return counts;
}

function paintMask(context, mask, colour) {
  const [height, width] = mask.size;
  const data = context.createImageData(width, height);
  const [r, g, b] = [1, 3, 5].map(i => parseInt(colour.slice(i, i + 2), 16));
  let at = 0;
  runs(mask.counts).forEach((length, i) => {
    if (i % 2) {
      for (let p = at; p < at + length; p++) {
        const to = ((p % height) * width + Math.floor(p / height)) * 4;
        data.data.set([r, g, b, 110], to);
      }
    }
    at += length;
  });
  const layer = document.createElement('canvas');
  layer.width = width;
  layer.height = height;
  layer.getContext('2d').putImageData(data, 0, 0);
  context.drawImage(layer, 0, 0);
}

/** Small images are drawn over in more pixels than they have, so that letters can be read. */
function enlargement(width, height) {
  return Math.max(1, Math.ceil(900 / Math.max(width, height, 1)));
}

/** `at(label)` is the number of a class among those with colours. */
function draw(canvas, objects, at, width, height) {
  const scale = enlargement(width, height);
  const context = canvas.getContext('2d');
  context.setTransform(scale, 0, 0, scale, 0, 0);
  context.clearRect(0, 0, width, height);
  const line = Math.max(width, height) / 260;
  const letters = Math.max(width, height) / 30;
  context.font = `600 ${letters}px system-ui, sans-serif`;
  objects.filter(one => one.mask).forEach(one => paintMask(context, one.mask, colour(at(one.label))));
  for (const one of [...objects].reverse()) {
    const [left, top, right, bottom] = one.box;
    context.strokeStyle = colour(at(one.label));
    context.lineWidth = line;
    context.strokeRect(left, top, right - left, bottom - top);
    const text = `${one.label} ${percent(one.score, 0)}`;
    const wide = context.measureText(text).width + letters * 0.6;
    const y = top > letters * 1.4 ? top - letters * 1.3 : top;
    context.fillStyle = colour(at(one.label));
    context.fillRect(left - line / 2, y, wide, letters * 1.3);
    context.fillStyle = inkOn(at(one.label));
    context.fillText(text, left + letters * 0.25, y + letters);
    for (const point of one.keypoints ?? []) {
      if (point.score <= 0) continue;
      context.beginPath();
      context.arc(point.x, point.y, line * 1.6, 0, 7);
      context.fill();
    }
  }
}

/** objects: [{label, score, box, mask, keypoints}]; `confidence` is where the slider begins. */
export function Objects({ src, width, height, objects, confidence }) {
  const [least, setLeast] = useState(confidence);
  const canvas = useRef(null);
  const shown = objects.filter(one => one.score >= least);
  const labels = [...new Set(objects.map(one => one.label))].sort();
  const place = label => labels.indexOf(label);
  useEffect(() => draw(canvas.current, shown, place, width, height), [objects, least, width, height]);
  useEffect(() => setLeast(confidence), [confidence]);
  const counts = labels.map(label => [label, shown.filter(one => one.label === label).length]).filter(([, count]) => count);
  return html`<div class="objects">
    <div class=${'pair' + (Math.max(width, height) < 200 ? ' pixelated' : '')} style=${{ aspectRatio: `${width} / ${height}` }}>
      <img src=${src} alt="" width=${width} height=${height} />
      <canvas ref=${canvas} width=${width * enlargement(width, height)} height=${height * enlargement(width, height)} role="img" aria-label=${t('parts-images.found', { n: shown.length })}></canvas>
    </div>
    <label class="slider">${t('parts-images.confidence')} <output>${number(least, 2)}</output>
      <input type="range" min="0.05" max="0.99" step="0.01" value=${least} onInput=${event => setLeast(Number(event.target.value))} /></label>
    <ul class="legend" aria-live="polite">
      ${counts.length === 0 && html`<li>${t('parts-images.nothing')}</li>`}
      ${counts.map(([label, count]) => html`<li key=${label}><span class="swatch" style=${{ background: colour(place(label)) }}></span><bdi>${label}</bdi> ${number(count)}</li>`)}
    </ul>
  </div>`;
}

/** Classes of pixels laid over their image. regions: [{label, share, colour}]. */
export function Regions({ src, over, width, height, regions }) {
  const [opacity, setOpacity] = useState(60);
  return html`<div class="objects">
    <div class="pair" style=${{ aspectRatio: `${width} / ${height}` }}>
      <img src=${src} alt="" width=${width} height=${height} />
      <img src=${over} alt=${t('parts-images.classes')} class="pixelated" width=${width} height=${height} style=${{ opacity: opacity / 100 }} />
    </div>
    <label class="slider">${t('parts-images.opacity')} <output>${percent(opacity / 100, 0)}</output>
      <input type="range" min="0" max="100" value=${opacity} onInput=${event => setOpacity(Number(event.target.value))} /></label>
    <ul class="legend">
      ${regions.map(one => html`<li key=${one.label}><span class="swatch" style=${{ background: one.colour }}></span><bdi>${one.label}</bdi> ${percent(one.share)}</li>`)}
    </ul>
  </div>`;
}
