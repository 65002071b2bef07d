// The note and the tags of a run, written below its row.
import { html, useEffect, useRef, useState } from '/lib/preact.js';
import { post } from '/base/api.js';
import { load, t } from '/base/i18n.js';
import { toastError } from '/parts/toast.js';

await load('runs');

/** tags: those that other runs have, to be taken again. */
export function NotesEditor({ run, tags, onClose, onSaved }) {
  const [note, setNote] = useState(run.note);
  const [own, setOwn] = useState(run.tags.join(', '));
  const [busy, setBusy] = useState(false);
  const first = useRef(null);
  useEffect(() => first.current?.focus(), []);
  const given = own.split(',').map(tag => tag.trim()).filter(Boolean);
  const toggle = tag => setOwn((given.includes(tag) ? given.filter(one => one !== tag) : [...given, tag]).join(', '));
  const save = async event => {
    event?.preventDefault();
    setBusy(true);
    try {
      await post('/api/run/notes', { run: run.run, note, tags: given });
      onSaved();
      onClose();
    } catch (error) {
      toastError(error);
      setBusy(false);
    }
  };
  const keys = event => {
    event.stopPropagation();
    if (event.key === 'Escape') onClose();
    if (event.key === 'Enter' && (event.ctrlKey || event.metaKey)) save();
  };
  const id = 'notes-' + run.run.replace(/[^A-Za-z0-9]/g, '-');
  return html`<form class="notes" onSubmit=${save} onKeyDown=${keys}>
    <div class="field"><label for=${id + '-note'}>${t('runs.note')}</label>
      <textarea ref=${first} id=${id + '-note'} rows="3" dir="auto" value=${note} onInput=${event => setNote(event.target.value)}></textarea></div>
    <div class="field"><label for=${id + '-tags'}>${t('runs.tags')}</label>
      <input id=${id + '-tags'} value=${own} autocomplete="off" onInput=${event => setOwn(event.target.value)} />
      <small>${t('runs.tagsHow')}</small>
      ${tags.length > 0 && html`<div class="tags" role="toolbar" aria-label=${t('runs.tags')}>${tags.map(tag => html`<button type="button" key=${tag} class="tag" aria-pressed=${given.includes(tag)} onClick=${() => toggle(tag)}><bdi>${tag}</bdi></button>`)}</div>`}
    </div>
    <div class="row"><button class="small" type="submit" disabled=${busy}>${t('runs.save')}</button>
      <button class="small secondary" type="button" onClick=${onClose}>${t('frame.cancel')}</button></div>
  </form>`;
}
