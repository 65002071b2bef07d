// Two images of one place, one over the other, with a slider between them.
import { html, useState } from '/lib/preact.js';
import { load, t } from '/base/i18n.js';

await load('parts-images');

/**
 * `before` and `after` are addresses of images, `width` and `height` the shape that both are shown in; `labels` name them.
 * The slider is an ordinary range, so that keys move it too.
 */
export function BeforeAfter({ before, after, width, height, labels = [t('parts-images.before'), t('parts-images.after')] }) {
  const [share, setShare] = useState(50);
  const pixelated = Math.max(width, height) < 200 ? ' pixelated' : '';
  return html`<figure class="before-after">
    <div class=${'pair' + pixelated} style=${{ aspectRatio: `${width} / ${height}` }}>
      <img src=${before} alt=${labels[0]} width=${width} height=${height} draggable="false" />
      <img src=${after} alt=${labels[1]} width=${width} height=${height} draggable="false" style=${{ clipPath: `inset(0 0 0 ${share}%)` }} />
      <span class="line" style=${{ left: `${share}%` }} aria-hidden="true"></span>
      <input type="range" min="0" max="100" value=${share} aria-label=${t('parts-images.slider', { a: labels[0], b: labels[1] })}
        onInput=${event => setShare(Number(event.target.value))} />
    </div>
    <figcaption><span>${labels[0]}</span><span>${labels[1]}</span></figcaption>
  </figure>`;
}
