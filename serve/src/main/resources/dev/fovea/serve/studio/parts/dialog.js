// A question or a form above the page: the browser's own dialog, which keeps the focus and closes on Escape.
import { html, useEffect, useRef } from '/lib/preact.js';
import { store, useStore } from '/base/store.js';
import { t } from '/base/i18n.js';

/** html`<${Dialog} title="..." onClose=${close}> ... <//>`: open for as long as it is drawn. */
export function Dialog({ title, onClose, children, wide = false }) {
  const ref = useRef(null);
  const pressed = useRef(null); // a press that begins inside, as when text is selected, does not close it
  useEffect(() => {
    const dialog = ref.current;
    if (!dialog.open) dialog.showModal();
    dialog.querySelector('form input:not([type=radio], [type=checkbox], [type=file]), form select')?.focus(); // not what closes it
    return () => dialog.close();
  }, []);
  return html`<dialog ref=${ref} class=${wide ? 'wide' : ''} aria-label=${title}
      onCancel=${event => { event.preventDefault(); onClose(); }}
      onPointerDown=${event => { pressed.current = event.target; }}
      onClick=${event => event.target === ref.current && pressed.current === ref.current && onClose()}>
    <article>
      <header><h2>${title}</h2><button class="plain" aria-label=${t('frame.close')} onClick=${onClose}>×</button></header>
      ${children}
    </article>
  </dialog>`;
}

const question = store(null);

/** Whether the reader agrees: await confirm('Delete 3 runs?', {yes: 'Delete'}). */
export function confirm(text, { yes = null, title = null } = {}) {
  return new Promise(resolve => {
    question.set({ text, title, yes, answer: value => { question.set(null); resolve(value); } });
  });
}

export function Questions() {
  const asked = useStore(question);
  if (!asked) return null;
  return html`<${Dialog} title=${asked.title ?? t('frame.sure')} onClose=${() => asked.answer(false)}>
    <p>${asked.text}</p>
    <footer>
      <button class="secondary" onClick=${() => asked.answer(false)}>${t('frame.cancel')}</button>
      <button onClick=${() => asked.answer(true)}>${asked.yes ?? t('frame.yes')}</button>
    </footer>
  <//>`;
}
