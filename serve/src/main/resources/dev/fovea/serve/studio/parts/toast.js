// Short messages that come and go; with a button where something can be undone.
import { html } from '/lib/preact.js';
import { store, useStore } from '/base/store.js';
import { t } from '/base/i18n.js';
import { sentence } from '/parts/states.js';

const toasts = store([]);
let last = 0;

/**
 * Says something. `action` is {label, run}; an error stays until it is closed.
 */
export function toast(text, { kind = 'info', action = null, seconds = 8 } = {}) {
  const id = ++last;
  toasts.set(all => [...all, { id, text, kind, action }]);
  if (kind !== 'error') fade(id, action ? 20 : seconds);
  return id;
}

/** Closes it after a while in which nobody points at it or has the keyboard in it. */
function fade(id, seconds) {
  setTimeout(() => {
    if (document.querySelector(`#toast-${id}:hover, #toast-${id}:focus-within`)) fade(id, 2);
    else close(id);
  }, seconds * 1000);
}

/** Says what went wrong; what was stopped by the reader is no error. */
export function toastError(error) {
  if (error?.name !== 'AbortError') toast(sentence(error), { kind: 'error' });
}

function close(id) {
  toasts.set(all => all.filter(one => one.id !== id));
}

function run(one) {
  close(one.id);
  Promise.resolve(one.action.run()).catch(toastError);
}

export function Toasts() {
  const all = useStore(toasts);
  return html`<div class="toasts" role="status" aria-live="polite">
    ${all.map(
      one => html`<div key=${one.id} id=${`toast-${one.id}`} class=${'toast ' + one.kind} role=${one.kind === 'error' ? 'alert' : undefined}>
        <span>${one.text}</span>
        ${one.action && html`<button class="small" onClick=${() => run(one)}>${one.action.label}</button>`}
        <button class="plain" aria-label=${t('frame.close')} onClick=${() => close(one.id)}>×</button>
      </div>`,
    )}
  </div>`;
}
