// Dropped files become a data set, or images of one: sent one after the other, and either all or none of them kept.
import { html, useEffect, useMemo, useRef, useState } from '/lib/preact.js';
import { del, post, upload } from '/base/api.js';
import { bytes, number, t } from '/base/i18n.js';
import { dropped } from '/parts/dropzone.js';
import { Dialog } from '/parts/dialog.js';
import { job } from '/parts/job.js';
import { Told, sentence } from '/parts/states.js';
import { toast, toastError } from '/parts/toast.js';

const IMAGE = /\.(jpe?g|png|bmp|webp|tiff?|p[bgpn]m|jfif|jpe)$/i;
const ARCHIVE = /\.(zip|tar|tar\.gz|tgz)$/i;
const OTHER = /\.(csv|json|xml|txt|ya?ml|gz|bin|gif|mp4|avi|mov)$/i;
/** Requests at once: the studio writes to one disk. */
const AT_ONCE = 4;
/** Milliseconds between two updates of the progress. */
const EVERY_MS = 100;

/** What was dropped, as a data set: {name, archive, flat, files: [{file, path}], left}. */
export function planned(found) {
  const seen = found.filter(one => !one.path.split('/').some(name => name.startsWith('.') || name === '__MACOSX'));
  const archives = seen.filter(one => ARCHIVE.test(one.path));
  if (seen.length === 1 && archives.length === 1) {
    const name = seen[0].path.split('/').pop();
    return { name: name.replace(ARCHIVE, ''), archive: true, flat: false, files: [{ ...seen[0], path: name }], left: found.length - 1 };
  }
  const files = seen.filter(one => IMAGE.test(one.path) || OTHER.test(one.path));
  const tops = new Set(files.map(one => (one.path.includes('/') ? one.path.split('/')[0] : '')));
  const depth = files.reduce((most, one) => Math.max(most, one.path.split('/').length), 0); // there may be too many for arguments
  const single = tops.size === 1 && !tops.has('');
  const top = [...tops][0];
  if (single && depth > 2) {
    return { name: top, archive: false, flat: false, files: files.map(one => ({ ...one, path: one.path.slice(top.length + 1) })), left: found.length - files.length };
  }
  return { name: single ? top : '', archive: false, flat: depth === 1, files, left: found.length - files.length };
}

/** Sends all; returns the path of the data set, and which files cannot be read as images. `into` adds to one that is there. */
export async function send(files, { name, into, progress = () => {}, signal }) {
  const { upload: id } = await post('/api/uploads');
  try {
    const unreadable = await all(files, id, progress, signal);
    progress({ done: files.length, of: files.length, bytes: 0, size: 0 });
    const made = await job('/api/uploads/finish', into ? { upload: id, into } : { upload: id, name }, { signal });
    return { ...made, unreadable };
  } catch (error) {
    await del('/api/uploads', { upload: id }).catch(() => {});
    throw error;
  }
}

async function all(files, id, progress, signal) {
  const size = files.reduce((sum, one) => sum + one.file.size, 0);
  let next = 0;
  let done = 0;
  let count = 0;
  let told = 0;
  const unreadable = [];
  const tell = () => {
    const now = performance.now();
    if (now - told < EVERY_MS && done < files.length) return;
    told = now;
    progress({ done, of: files.length, bytes: count, size });
  };
  const worker = async () => {
    while (next < files.length) {
      if (signal?.aborted) throw new DOMException('stopped', 'AbortError');
      const mine = next++;
      const { file, path } = files[mine];
      let own = 0;
      const add = sent => { count += sent - own; own = sent; };
      const kept = await upload('/api/upload', file, sent => { add(Math.min(sent, file.size)); tell(); }, { params: { upload: id, path }, signal });
      if (kept?.unreadable) unreadable.push(path.split('/').pop());
      add(file.size);
      done++;
      tell();
    }
  };
  await Promise.all(Array.from({ length: Math.min(AT_ONCE, files.length) }, worker));
  return unreadable;
}

/** Asks for a name, or a class, and sends. `target` is {path, classes} of a data set that images can be added to, or null. */
export function SendDialog({ plan, target = null, onClose, onDone }) {
  const fits = target && !plan.archive;
  const [into, setInto] = useState(fits ? 'add' : 'new');
  const [name, setName] = useState(plan.name || t('data.newName'));
  const [label, setLabel] = useState(target?.classes[0] ?? t('data.firstClass'));
  const [state, setState] = useState(null);
  const [error, setError] = useState(null);
  const stop = useRef(null);
  useEffect(() => () => stop.current?.abort(), []);
  const folders = useMemo(() => new Set(plan.files.map(one => (one.path.includes('/') ? one.path.split('/').at(-2) : ''))), [plan]);
  const size = useMemo(() => plan.files.reduce((sum, one) => sum + one.file.size, 0), [plan]);
  const images = useMemo(() => plan.files.filter(one => IMAGE.test(one.path)), [plan]);
  const classOf = path => (plan.flat || !path.includes('/') ? label : path.split('/').at(-2));
  const asksClass = plan.flat || (into === 'add' && images.some(one => !one.path.includes('/')));
  const start = async event => {
    event.preventDefault();
    setError(null);
    stop.current = new AbortController();
    setState({ done: 0, of: plan.files.length, bytes: 0, size: 1 });
    const files = into === 'add'
      ? images.map(one => ({ file: one.file, path: `${classOf(one.path)}/${one.path.split('/').pop()}` }))
      : plan.flat ? plan.files.map(one => ({ file: one.file, path: `${label}/${one.path}` })) : plan.files;
    const named = plan.archive ? files.map(one => ({ file: one.file, path: one.path })) : files;
    try {
      const made = await send(named, { name: name.trim(), into: into === 'add' ? target.path : null, progress: setState, signal: stop.current.signal });
      toast(t('data.sent', { n: files.length }));
      if (made.unreadable.length > 0) toast(t('data.broken', { n: made.unreadable.length, name: made.unreadable[0] }), { kind: 'error' });
      onDone(made.path);
    } catch (failure) {
      setState(null);
      if (failure.name !== 'AbortError') setError(failure);
    }
  };
  const nothing = plan.files.length === 0;
  return html`<${Dialog} title=${t('data.addTitle')} onClose=${() => !state && onClose()}>
    ${nothing && html`<p>${t('data.nothing')}</p>`}
    ${!nothing && html`<form onSubmit=${start}>
      <p>${plan.archive ? html`<bdi>${plan.files[0].path}</bdi>` : t('data.dropped', { n: plan.files.length })} <span class="soft">(${bytes(size)})</span>
        ${!plan.flat && !plan.archive && html` · ${t('data.folders', { n: folders.size })}`}
        ${plan.left > 0 && html` <span class="soft">${t('data.left', { n: plan.left })}</span>`}</p>
      ${fits && html`<fieldset><legend class="sr-only">${t('data.where')}</legend>
        <label><input type="radio" name="into" checked=${into === 'add'} onChange=${() => setInto('add')} /> ${t('data.addTo')} <bdi>${target.path}</bdi></label>
        <label><input type="radio" name="into" checked=${into === 'new'} onChange=${() => setInto('new')} /> ${t('data.makeNew')}</label>
      </fieldset>`}
      ${into === 'new' && html`<div class="field"><label for="set-name">${t('data.name')}</label>
        <input id="set-name" required maxlength="100" dir="auto" value=${name} onInput=${event => setName(event.target.value)} /></div>`}
      ${asksClass && html`<div class="field"><label for="set-class">${t('data.class')}</label>
        <input id="set-class" required maxlength="100" dir="auto" list="set-classes" value=${label} onInput=${event => setLabel(event.target.value)} />
        <small>${t(plan.flat ? 'data.classAbout' : 'data.classLoose')}</small>
        <datalist id="set-classes">${(target?.classes ?? []).map(one => html`<option key=${one} value=${one} />`)}</datalist></div>`}
      ${state && html`<${Sending} state=${state} />`}
      ${error && html`<p class="notice error" role="alert">${sentence(error)}</p>`}
      <footer>
        ${state
          ? html`<button type="button" class="secondary" onClick=${() => stop.current.abort()}>${t('frame.stop')}</button>`
          : html`<button type="button" class="secondary" onClick=${onClose}>${t('frame.cancel')}</button>
              <button type="submit">${t('data.add')}</button>`}
      </footer>
    </form>`}
  <//>`;
}

function Sending({ state }) {
  const text = state.size ? t('data.sendingFar', { done: number(state.done), of: number(state.of) }) : t('data.checking');
  return html`<div><progress key=${state.size ? 'sent' : 'opened'} aria-label=${t('data.sending')} max=${state.size || 1} value=${state.size ? state.bytes : undefined}></progress>
    <p class="soft" aria-hidden="true">${text}</p><${Told} text=${text} done=${state.bytes} of=${state.size} /></div>`;
}

/** Takes what is dropped anywhere on the page, or pasted; shows so while something is dragged over it. */
export function DropAnywhere({ onFiles, enabled = true }) {
  const [over, setOver] = useState(false);
  useEffect(() => {
    if (!enabled) return undefined;
    let depth = 0;
    const files = event => [...(event.dataTransfer?.types ?? [])].includes('Files');
    const inField = event => event.target.closest?.('dialog, .dropzone');
    const enter = event => {
      if (!files(event) || document.querySelector('dialog[open]')) return;
      event.preventDefault();
      depth++;
      setOver(true);
    };
    const leave = () => {
      depth = Math.max(0, depth - 1);
      if (depth === 0) setOver(false);
    };
    const hold = event => files(event) && event.preventDefault();
    const drop = async event => {
      if (!files(event)) return;
      event.preventDefault(); // the browser would show the file instead of the page
      depth = 0;
      setOver(false);
      if (inField(event) || document.querySelector('dialog[open]')) return;
      try {
        const found = await dropped(event.dataTransfer);
        if (found.length) onFiles(found);
      } catch (error) { // a file that may not be read, a folder that is gone
        toastError(error.name === 'AbortError' ? error : new Error(t('data.unreadable', { why: error.message })));
      }
    };
    const paste = event => {
      const found = [...(event.clipboardData?.files ?? [])].map(file => ({ file, path: file.name }));
      if (found.length && !document.querySelector('dialog[open]')) onFiles(found);
    };
    const all = { dragenter: enter, dragleave: leave, dragover: hold, drop, paste };
    for (const [name, listener] of Object.entries(all)) window.addEventListener(name, listener);
    return () => {
      for (const [name, listener] of Object.entries(all)) window.removeEventListener(name, listener);
    };
  }, [enabled, onFiles]);
  return over ? html`<div class="drop-over" role="status"><p>${t('data.letGo')}</p></div>` : null;
}
