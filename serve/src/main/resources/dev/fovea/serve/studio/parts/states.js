// What a view shows while it loads, when something failed, and when there is nothing yet.
import { html, useMemo } from '/lib/preact.js';
import { said, t } from '/base/i18n.js';

/** What went wrong as a sentence of its own; a name in front of it, such as that of a file, stays as it is. */
export function sentence(error) {
  return said(error?.message ?? String(error)).replace(/^[a-z](?=[a-z]* )/, first => first.toUpperCase());
}

/** A sentence about what went wrong, and a button to try again; `children` say what else can be done. */
export function Failure({ error, again, children }) {
  return html`<div class="notice error" role="alert">
    <p>${sentence(error)}</p>
    ${children}
    ${again && html`<button class="small secondary" onClick=${again}>${t('frame.again')}</button>`}
  </div>`;
}

/** Grey bars of a fixed height, so that nothing jumps when the content comes. */
export function Skeleton({ lines = 3, height = '1.4rem' }) {
  return html`<div class="skeleton" role="status" aria-label=${t('frame.loading')}>
    ${Array.from({ length: lines }, (_, i) => html`<span key=${i} style=${{ height }}></span>`)}
  </div>`;
}

/** Progress for those who hear the page: `text` is read when it begins and at every tenth of the way, not at every change. */
export function Told({ text, done, of }) {
  const tenth = of > 0 ? Math.floor((10 * done) / of) : 0;
  return html`<p class="sr-only" role="status">${useMemo(() => text, [tenth, of > 0, text === ''])}</p>`;
}

/** Nothing here yet, and what to do about it. */
export function Empty({ title, children }) {
  return html`<div class="empty"><h2>${title}</h2>${children}</div>`;
}
