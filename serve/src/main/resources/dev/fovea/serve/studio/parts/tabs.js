// Tabs: arrows move between them, as screen readers say they do.
import { html } from '/lib/preact.js';

/** html`<${Tabs} label="..." tabs=${[{id, title}]} selected=${id} onSelect=${f}>panel<//>`. */
export function Tabs({ label, tabs, selected, onSelect, children, name = 'tab' }) {
  const index = tabs.findIndex(tab => tab.id === selected);
  const key = event => {
    const step = { ArrowRight: 1, ArrowLeft: -1 }[event.key];
    if (!step) return;
    event.preventDefault();
    const next = tabs[(index + step + tabs.length) % tabs.length];
    onSelect(next.id);
    event.currentTarget.querySelector(`#${name}-${next.id}`)?.focus();
  };
  return html`<div class="tabs">
    <div role="tablist" aria-label=${label} onKeyDown=${key}>
      ${tabs.map(
        tab => html`<button key=${tab.id} role="tab" type="button" id=${`${name}-${tab.id}`}
          aria-selected=${String(tab.id === selected)} aria-controls=${`${name}-panel`}
          tabindex=${tab.id === selected ? 0 : -1} onClick=${() => onSelect(tab.id)}>${tab.title}</button>`,
      )}
    </div>
    <div role="tabpanel" id=${`${name}-panel`} aria-labelledby=${`${name}-${selected}`} tabindex="0">${children}</div>
  </div>`;
}
