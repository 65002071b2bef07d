// A text to be copied, such as a command or a program.
import { html, useState } from '/lib/preact.js';
import { load, t } from '/base/i18n.js';

await load('parts-images');

/** Without HTTPS a browser has no clipboard. */
export async function copied(text) {
  if (navigator.clipboard) return navigator.clipboard.writeText(text);
  const area = document.createElement('textarea');
  area.value = text;
  document.body.append(area);
  area.select();
  document.execCommand('copy');
  area.remove();
  return undefined;
}

export function Copyable({ text, label }) {
  const [done, setDone] = useState(false);
  const copy = () => copied(text).then(() => {
    setDone(true);
    setTimeout(() => setDone(false), 2000);
  }, () => {});
  return html`<div class="copyable">
    <pre tabindex="0" aria-label=${label}><code>${text}</code></pre>
    <button class="small secondary" onClick=${copy} aria-label=${t('parts-images.copyWhat', { what: label })}>${done ? t('parts-images.copied') : t('parts-images.copy')}</button>
    <span class="sr-only" role="status">${done ? t('parts-images.copied') : ''}</span>
  </div>`;
}
