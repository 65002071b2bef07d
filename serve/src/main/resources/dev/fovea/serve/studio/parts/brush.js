// A mask painted over an image: white where something is to be filled in.
import { html, useEffect, useRef, useState } from '/lib/preact.js';
import { load, t } from '/base/i18n.js';

await load('parts-images');

const COLOUR = '#ff2e63';

/** `onMask(address or null)` is given the mask as an image of the same size after each stroke. */
export function Brush({ src, width, height, onMask }) {
  const canvas = useRef(null);
  const [size, setSize] = useState(12);
  const stroke = useRef(null); // of one pointer: a second finger draws nothing
  const drawn = () => canvas.current.getContext('2d', { willReadFrequently: true }); // after each stroke
  const clear = () => {
    drawn().clearRect(0, 0, width, height);
    onMask(null);
  };
  useEffect(clear, [src]);
  const paint = event => {
    if (stroke.current?.id !== event.pointerId) return;
    const box = canvas.current.getBoundingClientRect();
    const x = ((event.clientX - box.left) / box.width) * width;
    const y = ((event.clientY - box.top) / box.height) * height;
    const from = stroke.current.at ?? [x, y];
    const context = drawn();
    context.strokeStyle = COLOUR;
    context.lineWidth = (Math.max(width, height) * size) / 100;
    context.lineCap = 'round';
    context.beginPath();
    context.moveTo(...from);
    context.lineTo(x + 0.01, y); // a touch is a dot; between two places that are told, too: a quick finger skips many
    context.stroke();
    stroke.current.at = [x, y];
  };
  const begin = event => {
    if (stroke.current) return;
    stroke.current = { id: event.pointerId, at: null };
    event.target.setPointerCapture(event.pointerId);
    paint(event);
  };
  const end = event => {
    if (stroke.current?.id !== event.pointerId) return;
    stroke.current = null;
    send();
  };
  const send = () => {
    const own = drawn().getImageData(0, 0, width, height);
    let any = false;
    for (let i = 0; i < own.data.length; i += 4) {
      const white = own.data[i + 3] > 127;
      any ||= white;
      own.data.fill(white ? 255 : 0, i, i + 3);
      own.data[i + 3] = 255;
    }
    const mask = document.createElement('canvas');
    mask.width = width;
    mask.height = height;
    mask.getContext('2d').putImageData(own, 0, 0);
    onMask(any ? mask.toDataURL('image/png') : null);
  };
  const middle = () => { // for those who have no pointer
    const context = drawn();
    context.fillStyle = COLOUR;
    context.fillRect(width * 0.3, height * 0.3, width * 0.4, height * 0.4);
    send();
  };
  return html`<div class="brush">
    <p class="soft">${t('parts-images.paint')}</p>
    <div class="pair" style=${{ aspectRatio: `${width} / ${height}` }}>
      <img src=${src} alt="" width=${width} height=${height} draggable="false" />
      <canvas ref=${canvas} width=${width} height=${height} aria-label=${t('parts-images.mask')} role="img"
        onPointerDown=${begin} onPointerMove=${paint} onPointerUp=${end} onPointerCancel=${end}></canvas>
    </div>
    <div class="row">
      <label class="slider">${t('parts-images.brush')} <input type="range" min="2" max="40" value=${size} onInput=${event => setSize(Number(event.target.value))} /></label>
      <button class="small secondary" onClick=${middle}>${t('parts-images.middle')}</button>
      <button class="small secondary" onClick=${clear}>${t('parts-images.clear')}</button>
    </div>
  </div>`;
}
