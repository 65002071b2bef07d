// The last step of the form of a training: how long it would take, its name and priority, the start, and the same as a command line.
import { html, useState } from '/lib/preact.js';
import { post, workspace } from '/base/api.js';
import { duration, t } from '/base/i18n.js';
import { go } from '/base/router.js';
import { useStore } from '/base/store.js';
import { copied } from '/parts/copy.js';
import { job, useLeaving } from '/parts/job.js';
import { toast, toastError } from '/parts/toast.js';

/** Trials of plans, by what decides their time. */
const measured = new Map();

/** body: the plan as it is sent; recipe: what came of it; broken: it is none; loading: the next is being read. */
export function Start({ body, recipe, broken, loading }) {
  const own = useStore(workspace);
  const [name, setName] = useState('');
  const [priority, setPriority] = useState('0');
  const [busy, setBusy] = useState(false);
  const [, draw] = useState(0);
  const plan = JSON.parse(body);
  const key = JSON.stringify({ ...plan, settings: plan.settings.filter(one => !one.startsWith('epochs=')).sort() });
  const time = measured.get(key);
  const leaving = useLeaving();
  const estimate = () => {
    setBusy(true);
    job('/api/train/estimate', plan, { signal: leaving })
      .then(value => measured.set(key, value), error => error.name !== 'AbortError' && toastError(error))
      .finally(() => {
        setBusy(false);
        draw(count => count + 1);
      });
  };
  const start = () => {
    setBusy(true);
    post('/api/train/start', { ...plan, name, priority: Number(priority) })
      .then(entry => {
        toast(t('train.started', { name: entry.name }));
        go(`/queue?id=${entry.id}`);
      }, toastError)
      .finally(() => setBusy(false));
  };
  const ready = recipe && !broken && !loading && !busy;
  return html`<div class="row estimate" aria-live="polite">
      <button type="button" class="secondary" disabled=${!ready} onClick=${estimate}>${t('train.estimate')}</button>
      ${time && recipe
        ? html`<span><strong>${t('train.time', { time: duration(time.setupSeconds + recipe.epochs * time.epochSeconds) })}</strong>
            <span class="soft"> ${t('train.timeOf', { n: recipe.epochs, each: duration(time.epochSeconds) })}${time.busy ? ' ' + t('train.timeBusy') : ''}</span></span>`
        : html`<span class="soft">${busy ? t('train.measuring') : t('train.estimateAbout')}</span>`}
    </div>
    <div class="options">
      <div class="field"><label for="name">${t('train.name')}</label>
        <input id="name" value=${name} maxlength="100" autocomplete="off" onInput=${event => setName(event.target.value)} aria-describedby="name-about" />
        <small id="name-about">${t('train.nameAbout')}</small></div>
      <div class="field"><label for="priority">${t('train.priority')}</label>
        <select id="priority" value=${priority} onChange=${event => setPriority(event.target.value)} aria-describedby="priority-about">
          ${['1', '0', '-1'].map(one => html`<option key=${one} value=${one} selected=${one === priority}>${t(`train.priority_${one}`)}</option>`)}
        </select>
        <small id="priority-about">${t('train.priorityAbout')}</small></div>
    </div>
    <div class="row"><button type="button" id="start" disabled=${!ready || own?.writable === false} onClick=${start}>${t('train.start')}</button></div>
    ${recipe && html`<${Command} text=${recipe.command} />`}`;
}

function Command({ text }) {
  const copy = () => copied(text).then(() => toast(t('train.copied')), toastError);
  return html`<div class="field command"><label for="command">${t('train.command')}</label>
    <div class="row"><input id="command" readonly value=${text} /><button type="button" class="secondary small" onClick=${copy}>${t('train.copy')}</button></div></div>`;
}
