// The queue: what is trained now, what waits and in which order, what is over.
import { html } from '/lib/preact.js';
import { del, get, post, workspace } from '/base/api.js';
import { useChanges } from '/base/changes.js';
import { bytes, duration, number, said, t } from '/base/i18n.js';
import { link } from '/base/router.js';
import { useLoaded, useStore } from '/base/store.js';
import { speed } from '/parts/metric.js';
import { Model } from '/parts/model-name.js';
import { Empty, Failure, Skeleton } from '/parts/states.js';
import { toastError } from '/parts/toast.js';

export default function Queue({ params }) {
  const { value, error, again } = useLoaded(() => get('/api/queue'));
  const off = useStore(workspace)?.writable === false;
  useChanges(again, 2000, { kinds: ['queue', 'run'] });
  const marked = Number(params.get('id')) || 0;
  const entries = value?.entries ?? [];
  const now = entries.filter(one => one.state === 'running');
  const waiting = entries.filter(one => one.state === 'waiting');
  const going = entries.filter(one => one.run && ['running', 'waiting'].includes(one.state)).map(one => one.run);
  const over = entries.filter(one => !['running', 'waiting'].includes(one.state) && !going.includes(one.run)); // one that goes on is not over
  const others = value?.others ?? [];
  const act = coming => coming.then(again, toastError);
  return html`
    <div class="row spread"><h1>${t('queue.title')}</h1><a href="/train">${t('queue.new')}</a></div>
    <p class="soft">${t('queue.lead')}</p>
    ${error && html`<${Failure} error=${error} again=${again} />`}
    ${(value?.problems ?? []).map(one => html`<p key=${one} class="notice" role="alert"><bdi>${said(one)}</bdi></p>`)}
    ${!value && !error && html`<${Skeleton} lines=${3} height="5rem" />`}
    ${others.length > 0 && html`<p class="notice">${t('queue.others', { n: others.length })}${others.some(one => one.progress?.state !== 'PAUSED') && waiting.length + now.length > 0 && html` ${t('queue.othersSlow')}`}</p>
      <ul class="queue">${others.map(one => html`<li key=${one.run}><${Running} one=${one} act=${act} off=${off} /></li>`)}</ul>`}
    ${value && entries.length === 0 && others.length === 0 && html`<${Empty} title=${t('queue.empty')}><p><a href="/train">${t('queue.new')}</a></p><//>`}
    ${now.length > 0 && html`<section aria-labelledby="now"><h2 id="now">${t('queue.now')}</h2>
      <ul class="queue">${now.map(one => html`<li key=${one.id}><${Running} one=${one} act=${act} off=${off} /></li>`)}</ul></section>`}
    ${waiting.length > 0 && html`<section aria-labelledby="waiting"><h2 id="waiting">${t('queue.waiting', { n: waiting.length })}</h2>
      <ol class="queue">${waiting.map(
        (one, i) => html`<li key=${one.id}><${Waiting} one=${one} marked=${one.id === marked} before=${waiting[i - 1]} after=${waiting[i + 1]} act=${act} off=${off} /></li>`,
      )}</ol></section>`}
    ${over.length > 0 && html`<section aria-labelledby="over"><div class="row spread"><h2 id="over">${t('queue.over')}</h2>
        ${over.length > 1 && html`<button class="small secondary" disabled=${off} onClick=${() => act(Promise.all(over.map(one => del('/api/queue', { id: one.id }))))}>${t('queue.clearAll')}</button>`}</div>
      <ul class="queue">${over.map(one => html`<li key=${one.id}><${Over} one=${one} act=${act} off=${off} /></li>`)}</ul></section>`}`;
}

function Names({ one }) {
  return html`<span class="names">
    ${one.run ? html`<a href=${link('/run', { run: one.run })}><strong><bdi>${one.run}</bdi></strong></a>` : html`<strong><bdi>${one.name}</bdi></strong>`}
    <span class="soft"><${Model} model=${one.model} />${one.path && html` · <bdi>${one.path}</bdi>`}${one.epochs ? ` · ${t('queue.epochs', { n: one.epochs })}` : ''}</span>
  </span>`;
}

function Download({ download: { done, of } }) {
  const label = of > 0 ? t('queue.downloadOf', { done: bytes(done), of: bytes(of) }) : t('queue.download', { done: bytes(done) });
  return html`<progress max=${of > 0 ? of : 1} value=${of > 0 ? done : undefined} aria-label=${label}></progress><div class="figures"><span>${label}</span></div>`;
}

function Bar({ progress, starts }) {
  const { epoch = 0, epochs = 0, step = 0, steps = 0, state } = progress ?? {};
  const done = steps > 0 ? Math.min(epochs, Math.max(0, epoch - 1) + step / steps) : 0;
  const label = t(`train.state_${starts ? 'starting' : (state ?? 'PREPARING').toLowerCase()}`);
  return html`<progress max=${epochs || 1} value=${progress && epochs ? done : undefined} aria-label=${label}></progress>
    <div class="figures">
      <span>${label}</span>
      ${epochs > 0 && epoch > 0 && html`<span>${t('train.epochOf', { epoch, epochs })}</span>`}
      ${progress?.train?.loss !== undefined && html`<span>${t('train.loss')} ${number(progress.train.loss, 4)}</span>`}
      ${progress?.imagesPerSecond != null && html`<span>${speed(progress.imagesPerSecond)}</span>`}
      ${progress?.secondsLeft != null && html`<span>${t('train.left', { time: duration(progress.secondsLeft) })}</span>`}
    </div>`;
}

function Running({ one, act, off }) {
  const paused = one.progress?.state === 'PAUSED';
  const ask = what => act(post(`/api/run/${what}`, { run: one.run }));
  return html`<div class="card entry">
    <div class="row"><${Names} one=${one} />
      <span class="row">
        <button class="small secondary" disabled=${!one.run || one.starts || off} onClick=${() => ask(paused ? 'continue' : 'pause')}>${paused ? t('train.goOn') : t('train.pause')}</button>
        <button class="small secondary" disabled=${off} onClick=${() => (one.run && !one.starts ? ask('stop') : act(post('/api/queue/stop', { id: one.id })))}>${t('train.stop')}</button>
      </span></div>
    ${one.download ? html`<${Download} download=${one.download} />` : html`<${Bar} progress=${one.progress} starts=${one.starts} />`}
  </div>`;
}

function Waiting({ one, marked, before, after, act, off }) {
  const move = by => act(post('/api/queue/move', { id: one.id, by }));
  return html`<div class="card entry" aria-current=${marked ? 'true' : undefined}>
    <div class="row"><${Names} one=${one} />
      <span class="row">
        ${one.resumes && html`<span class="state waiting">${t('queue.resumes')}</span>`}
        <label class="sr-only" for=${`priority-${one.id}`}>${t('train.priority')}</label>
        <select id=${`priority-${one.id}`} disabled=${off} value=${String(one.priority)} onChange=${event => act(post('/api/queue/priority', { id: one.id, priority: Number(event.target.value) }))}>
          ${['1', '0', '-1'].map(p => html`<option key=${p} value=${p} selected=${p === String(one.priority)}>${t(`train.priority_${p}`)}</option>`)}
        </select>
        <button class="small secondary" aria-label=${t('queue.earlier', { name: one.name })} title=${t('queue.up')} disabled=${off || before?.priority !== one.priority} onClick=${() => move(-1)}>↑</button>
        <button class="small secondary" aria-label=${t('queue.later', { name: one.name })} title=${t('queue.down')} disabled=${off || after?.priority !== one.priority} onClick=${() => move(1)}>↓</button>
        <button class="small secondary" disabled=${off} aria-label=${t('queue.removeOf', { name: one.name })} onClick=${() => act(del('/api/queue', { id: one.id }))}>${t('queue.remove')}</button>
      </span></div>
  </div>`;
}

function Over({ one, act, off }) {
  return html`<div class="card entry">
    <div class="row"><${Names} one=${one} />
      <span class="row"><span class=${'state ' + one.state}>${t(`queue.state_${one.state}`)}</span>
        ${one.state === 'done' && one.run && html`<a href=${link('/evaluate', { run: one.run })} aria-label=${t('queue.evaluateOf', { name: one.name })}>${t('queue.evaluate')}</a>`}
        ${['stopped', 'failed'].includes(one.state) && one.run && html`<button class="small secondary" disabled=${off} onClick=${() => act(post('/api/run/resume', { run: one.run }))}>${t('train.resume')}</button>`}
        ${['stopped', 'failed'].includes(one.state) && !one.run && html`<button class="small secondary" disabled=${off} onClick=${() => act(post('/api/queue/again', { id: one.id }))}>${t('queue.again')}</button>`}
        <button class="small secondary" disabled=${off} aria-label=${t('queue.removeOf', { name: one.name })} onClick=${() => act(del('/api/queue', { id: one.id }))}>${t('queue.clear')}</button></span></div>
    ${one.error && html`<p class="error">${said(one.error)}</p>`}
  </div>`;
}
