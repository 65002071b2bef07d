// Tabs: arrows move between them, as screen readers say they do.
import { html } from '/lib/preact.js';

/** html`<${Tabs} label="..." tabs=${[{id, title}]} selected=${id} onSelect=${f}>panel<//>`. */
export function Tabs({ label, tabs, selected, onSelect, children, name = 'tab' }) {
  // By numbers: what a tab is called may be anything.
  const index = Math.max(0, tabs.findIndex(tab => tab.id === selected));
  const key = event => {
    const step = { ArrowRight: 1, ArrowLeft: -1 }[event.key];
    if (!step) return;
    event.preventDefault();
    const next = (index + step + tabs.length) % tabs.length;
    onSelect(tabs[next].id);
    event.currentTarget.children[next]?.focus();
  };
  return html`<div class="tabs">
    <div role="tablist" aria-label=${label} onKeyDown=${key}>
      ${tabs.map(
        (tab, i) => html`<button key=${tab.id} role="tab" type="button" id=${`${name}-${i}`}
          aria-selected=${String(i === index)} aria-controls=${`${name}-panel`}
          tabindex=${i === index ? 0 : -1} onClick=${() => onSelect(tab.id)}>${tab.title}</button>`,
      )}
    </div>
    <div role="tabpanel" id=${`${name}-panel`} aria-labelledby=${`${name}-${index}`} tabindex="0">${children}</div>
  </div>`;
}
