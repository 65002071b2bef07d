// A place for files: dropped, pasted or chosen, folders too.
import { html, useEffect, useRef, useState } from '/lib/preact.js';
import { t } from '/base/i18n.js';
import { ownJob } from '/parts/job.js';
import { toastError } from '/parts/toast.js';

/** All files of a drop with their paths, folders walked through: [{file, path}]. Throws an AbortError if the reader stopped it. */
export async function dropped(transfer) {
  const entries = [...transfer.items].map(item => item.webkitGetAsEntry?.()).filter(Boolean);
  if (entries.length === 0) return [...transfer.files].map(file => ({ file, path: file.name }));
  return ownJob('files', async progress => {
    const found = [];
    for (const entry of entries) await walk(entry, '', found, progress);
    return found;
  });
}

async function walk(entry, folder, found, progress) {
  progress(found.length);
  const path = folder + entry.name;
  if (entry.isFile) {
    found.push({ file: await new Promise((done, failed) => entry.file(done, failed)), path });
    return;
  }
  const reader = entry.createReader();
  for (;;) {
    const some = await new Promise((done, failed) => reader.readEntries(done, failed)); // 100 at a time
    if (some.length === 0) return;
    for (const one of some) await walk(one, path + '/', found, progress);
  }
}

/** onFiles is given [{file, path}]; `buttons` stand beside those that choose; `folder` adds a button that chooses one; `paste` takes images of the clipboard. */
export function Dropzone({ onFiles, label, accept = 'image/*', multiple = true, folder = false, paste = false, buttons = null, children }) {
  const [over, setOver] = useState(false);
  const files = useRef(null);
  const folders = useRef(null);
  useEffect(() => {
    if (!paste) return undefined;
    const take = event => {
      const found = [...(event.clipboardData?.files ?? [])].map(file => ({ file, path: file.name }));
      if (found.length) onFiles(found);
    };
    window.addEventListener('paste', take);
    return () => window.removeEventListener('paste', take);
  }, [paste, onFiles]);
  const chosen = event => {
    const found = [...event.target.files].map(file => ({ file, path: file.webkitRelativePath || file.name }));
    event.target.value = '';
    if (found.length) onFiles(found);
  };
  const drop = async event => {
    event.preventDefault();
    setOver(false);
    try {
      const found = await dropped(event.dataTransfer);
      if (found.length) onFiles(multiple ? found : found.slice(0, 1));
    } catch (error) { // a file that may not be read, a folder that is gone
      toastError(error);
    }
  };
  return html`<div class=${'dropzone' + (over ? ' over' : '')} role="group" aria-label=${label}
      onDragOver=${event => { event.preventDefault(); setOver(true); }} onDragLeave=${() => setOver(false)} onDrop=${drop}>
    <p>${label}</p>
    ${children}
    <div class="row">
      <button type="button" onClick=${() => files.current.click()}>${t('frame.chooseFiles')}</button>
      ${folder && html`<button type="button" class="secondary" onClick=${() => folders.current.click()}>${t('frame.chooseFolder')}</button>`}
      ${buttons}
    </div>
    <input ref=${files} type="file" class="sr-only" tabindex="-1" aria-label=${t('frame.chooseFiles')} accept=${accept} multiple=${multiple} onChange=${chosen} />
    ${folder && html`<input ref=${folders} type="file" class="sr-only" tabindex="-1" aria-label=${t('frame.chooseFolder')} webkitdirectory onChange=${chosen} />`}
  </div>`;
}
