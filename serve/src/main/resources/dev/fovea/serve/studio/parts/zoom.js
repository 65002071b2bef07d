// A range of a chart's x axis, chosen by dragging: it stays while points come, until the whole is wanted again.
import { html, useState } from '/lib/preact.js';
import { load, t } from '/base/i18n.js';

await load('parts-curves');

function isZoomed({ data: [xs], scales: { x } }) {
  return xs.length > 0 && Number.isFinite(x.min) && (x.min > xs[0] || x.max < xs.at(-1)); // none before it is drawn
}

/** [hooks for uPlot's options, whether a range is chosen]. */
export function useZoom() {
  const [zoomed, setZoomed] = useState(false);
  return [{ setScale: [chart => setZoomed(isZoomed(chart))] }, zoomed];
}

/** Gives a chart its points anew. */
export function renew(chart, data) {
  const zoomed = isZoomed(chart);
  chart.setData(data, !zoomed);
  if (zoomed) chart.redraw();
}

export function WholeRange({ chart, zoomed }) {
  return html`<button class="small secondary whole" hidden=${!zoomed} onClick=${() => chart.current.setData(chart.current.data)}>${t('parts-curves.whole')}</button>`;
}
