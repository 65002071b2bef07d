// Names with bars, as of the classes of an answer.
import { html } from '/lib/preact.js';
import { percent } from '/base/i18n.js';

/** items: [{label, value from 0 to 1, strong}]. */
export function Bars({ items, label }) {
  return html`<ul class="bars" aria-label=${label}>
    ${items.map(
      item => html`<li key=${item.label} class=${item.strong ? 'strong' : ''}>
        <span class="name"><bdi>${item.label}</bdi></span>
        <span class="bar" aria-hidden="true"><span style=${{ width: `${Math.max(0, Math.min(1, item.value)) * 100}%` }}></span></span>
        <span class="value">${percent(item.value)}</span>
      </li>`,
    )}
  </ul>`;
}
