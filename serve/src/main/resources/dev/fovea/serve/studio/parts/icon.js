// Small pictures on buttons and links, which say in words what they do.
import { html } from '/lib/preact.js';

const SHAPES = {
  write: 'M4 20h4L19 9l-4-4L4 16zM13 7l4 4',
  save: 'M12 4v11M7 11l5 5 5-5M5 20h14',
  remove: 'M5 7h14M9 7V4h6v3M7 7l1 13h8l1-13M10 11v5M14 11v5',
  evaluate: 'M10.5 4a6.5 6.5 0 1 0 0 13a6.5 6.5 0 1 0 0-13M15.2 15.2L20 20',
};

export function Icon({ name }) {
  return html`<svg class="icon" viewBox="0 0 24 24" width="18" height="18" aria-hidden="true"><path d=${SHAPES[name]} /></svg>`;
}
