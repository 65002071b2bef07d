// A curve as small as a word.
import { html } from '/lib/preact.js';

const WIDTH = 72;
const HEIGHT = 20;

export function Sparkline({ values }) {
  if (values.length < 2) return html`<svg class="sparkline" width=${WIDTH} height=${HEIGHT} aria-hidden="true"></svg>`;
  const low = Math.min(...values);
  const room = Math.max(...values) - low || 1;
  const points = values.map((value, i) => [
    2 + (i / (values.length - 1)) * (WIDTH - 4),
    HEIGHT - 2 - ((value - low) / room) * (HEIGHT - 4),
  ]);
  const end = points[points.length - 1];
  return html`<svg class="sparkline" width=${WIDTH} height=${HEIGHT} aria-hidden="true">
    <polyline points=${points.map(point => point.map(at => at.toFixed(1)).join(',')).join(' ')} />
    <circle cx=${end[0]} cy=${end[1]} r="2" />
  </svg>`;
}
