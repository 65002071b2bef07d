// A mask painted over an image: white where something is to be filled in.
import { html, useEffect, useRef, useState } from '/lib/preact.js';
import { load, t } from '/base/i18n.js';

await load('parts-images');

/** `onMask(address or null)` is given the mask as an image of the same size after each stroke. */
export function Brush({ src, width, height, onMask }) {
  const canvas = useRef(null);
  const [size, setSize] = useState(12);
  const drawing = useRef(false);
  const clear = () => {
    canvas.current.getContext('2d').clearRect(0, 0, width, height);
    onMask(null);
  };
  useEffect(clear, [src]);
  const dot = event => {
    const box = canvas.current.getBoundingClientRect();
    const x = ((event.clientX - box.left) / box.width) * width;
    const y = ((event.clientY - box.top) / box.height) * height;
    const context = canvas.current.getContext('2d');
    context.fillStyle = '#ff2e63';
    context.beginPath();
    context.arc(x, y, (Math.max(width, height) * size) / 200, 0, 7);
    context.fill();
  };
  const send = () => {
    const own = canvas.current.getContext('2d').getImageData(0, 0, width, height);
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
    const context = canvas.current.getContext('2d');
    context.fillStyle = '#ff2e63';
    context.fillRect(width * 0.3, height * 0.3, width * 0.4, height * 0.4);
    send();
  };
  return html`<div class="brush">
    <p class="soft">${t('parts-images.paint')}</p>
    <div class="pair" style=${{ aspectRatio: `${width} / ${height}` }}>
      <img src=${src} alt="" width=${width} height=${height} draggable="false" />
      <canvas ref=${canvas} width=${width} height=${height} aria-label=${t('parts-images.mask')} role="img"
        onPointerDown=${event => { drawing.current = true; event.target.setPointerCapture(event.pointerId); dot(event); }}
        onPointerMove=${event => drawing.current && dot(event)}
        onPointerUp=${() => { drawing.current = false; send(); }}
        onPointerCancel=${() => { drawing.current = false; send(); }}></canvas>
    </div>
    <div class="row">
      <label class="slider">${t('parts-images.brush')} <input type="range" min="2" max="40" value=${size} onInput=${event => setSize(Number(event.target.value))} /></label>
      <button class="small secondary" onClick=${middle}>${t('parts-images.middle')}</button>
      <button class="small secondary" onClick=${clear}>${t('parts-images.clear')}</button>
    </div>
  </div>`;
}
