// A question or a form above the page: the browser's own dialog, which keeps the focus and closes on Escape.
import { html, useEffect, useRef } from '/lib/preact.js';
import { store, useStore } from '/base/store.js';
import { t } from '/base/i18n.js';

/** What stands above all else, as messages do. Beside a dialog nothing can be clicked or is read aloud, so it lies in the one on top. */
export const above = document.createElement('div');
above.className = 'above';

const open = [];

function raise() {
  (open.at(-1) ?? document.getElementById('app')).append(above);
}

/** html`<${Dialog} title="..." onClose=${close}> ... <//>`: open for as long as it is drawn. */
export function Dialog({ title, onClose, children, wide = false }) {
  const ref = useRef(null);
  const pressed = useRef(null); // a press that begins inside, as when text is selected, does not close it
  useEffect(() => {
    const dialog = ref.current;
    if (!dialog.open) dialog.showModal();
    open.push(dialog);
    raise();
    dialog.querySelector('form input:not([type=radio], [type=checkbox], [type=file]), form select')?.focus(); // not what closes it
    return () => {
      open.splice(open.indexOf(dialog), 1);
      raise();
      dialog.close();
    };
  }, []);
  const cancel = event => {
    if (!event.cancelable) return; // the second Escape in a row closes it whatever we say
    event.preventDefault();
    onClose();
  };
  const closed = () => {
    if (ref.current?.open !== false) return;
    ref.current.showModal(); // for as long as it is drawn
    onClose();
  };
  return html`<dialog ref=${ref} class=${wide ? 'wide' : ''} aria-label=${title}
      onCancel=${cancel} onClose=${closed}
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
