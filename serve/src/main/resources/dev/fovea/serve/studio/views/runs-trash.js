// Removed runs: brought back, or removed for good.
import { html } from '/lib/preact.js';
import { del, get, post, workspace } from '/base/api.js';
import { bytes, date, t } from '/base/i18n.js';
import { useLoaded, useStore } from '/base/store.js';
import { confirm, Dialog } from '/parts/dialog.js';
import { Failure, Skeleton } from '/parts/states.js';
import { toast, toastError } from '/parts/toast.js';

export function Trash({ onClose, onRestored }) {
  const { value, error, again } = useLoaded(() => get('/api/trash'));
  const writable = useStore(workspace)?.writable ?? true;
  const restore = async one => {
    try {
      await post('/api/trash/restore', { folder: one.folder, id: one.id });
      toast(t('runs.restored', { name: one.name }));
      onRestored();
    } catch (e) {
      toastError(e);
    }
    again();
  };
  const empty = async () => {
    if (!(await confirm(t('runs.emptySure', { n: value.runs.length }), { yes: t('runs.empty') }))) return;
    await del('/api/trash').catch(toastError);
    again();
  };
  return html`<${Dialog} title=${t('runs.trash')} onClose=${onClose}>
    ${error && html`<${Failure} error=${error} again=${again} />`}
    ${!value && !error && html`<${Skeleton} lines=${3} />`}
    ${value && html`<p class="soft">${value.runs.length === 0 ? t('runs.trashNone') : t('runs.trashHow')}</p>`}
    ${value?.runs.length > 0 && html`<ul class="list trash">${value.runs.map(one => html`<li key=${one.id} class="row spread">
        <span><strong><bdi>${one.name}</bdi></strong> <span class="soft">${date(one.removed)} · ${bytes(one.bytes)}</span></span>
        <button class="small secondary" disabled=${!writable} aria-label=${t('runs.restoreOf', { name: one.name })} onClick=${() => restore(one)}>${t('runs.restore')}</button></li>`)}</ul>
      <footer><button class="small danger" disabled=${!writable} onClick=${empty}>${t('runs.empty')}</button></footer>`}
  <//>`;
}
