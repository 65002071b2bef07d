// Work that takes longer: a bar at the foot of the page, with a button to stop it.
import { html, useEffect, useState } from '/lib/preact.js';
import { get, onEvent, post } from '/base/api.js';
import { store, useStore } from '/base/store.js';
import { duration, has, listed, number, t } from '/base/i18n.js';
import { toastError } from '/parts/toast.js';

/** What a job does, in a few words; `kind` and `subject` are the studio's. */
function jobName({ kind, subject }) {
  const key = `jobs.${kind}`;
  return has(key) ? t(key, { name: subject, n: Number(subject) || 0 }) : `${kind} ${subject}`.trim();
}

const running = store([]);
const waiting = new Map();
const OVER = ['done', 'failed', 'stopped'];

function show(view) {
  running.set(all => all.map(one => (one.id === view.id ? { ...one, ...view } : one)));
  waiting.get(view.id)?.forEach(told => told(view));
}

onEvent('job', show);

/**
 * Begins a job and gives its result: await job('/api/data/audit', {path}); or the answer itself, where it is known already. Shows
 * its progress at the foot of the page; `onProgress` is given {done, of, seconds}, too; `signal` stops it, or leaves it, where it is
 * `shared` with other pages that ask the same. Throws the sentence of what failed, or an AbortError if it was stopped.
 */
export async function job(path, body = {}, { onProgress = () => {}, signal, shared = false } = {}) {
  const begin = async () => {
    const answer = await post(path, body);
    return answer.job === undefined ? answer : follow(answer.job, onProgress, signal, shared);
  };
  try {
    return await begin();
  } catch (error) {
    if (error.status !== 404 || signal?.aborted) throw error;
    return begin(); // the studio was ended and begun meanwhile, and knows nothing of the job
  }
}

/** A job of a kind about a subject that waits or works, begun by this page or before it was loaded; null where there is none. */
export function useJob(kind, subject) {
  return useStore(running).find(one => one.kind === kind && one.subject === subject && !OVER.includes(one.state)) ?? null;
}

/** A signal that comes when what is shown here is left: for jobs whose result is of no use elsewhere. */
export function useLeaving() {
  const [left] = useState(() => new AbortController());
  useEffect(() => () => left.abort(), []);
  return left.signal;
}

/** The result of a job that has begun; several may follow the same. */
async function follow(id, onProgress = () => {}, signal, shared = false) {
  let wake = () => {};
  const leave = () => {
    if (!shared) stop(id);
    wake();
  };
  const told = view => {
    onProgress(view);
    if (OVER.includes(view.state)) wake();
  };
  if (signal?.aborted) leave();
  signal?.addEventListener('abort', leave);
  if (!waiting.has(id)) {
    waiting.set(id, new Set());
    running.set(all => [...all, { id, kind: '', subject: '', state: 'waiting', done: 0, of: 0, seconds: 0 }]);
  }
  waiting.get(id).add(told);
  try {
    for (;;) {
      signal?.throwIfAborted();
      const view = await get(`/api/jobs/${id}`, shared ? { waits: true } : {}).catch(error => {
        if (error.status !== 0) throw error;
        return null; // the studio does not answer at the moment: the job goes on
      });
      if (!view) {
        await new Promise(done => setTimeout(done, 1500));
        continue;
      }
      show(view);
      if (view.state === 'done') return view.result ?? null;
      if (view.state === 'failed') throw new Error(view.error);
      if (view.state === 'stopped') throw new DOMException(t('frame.stopped'), 'AbortError');
      await new Promise(done => { // until it is over or left, or for a moment: events may be lost
        const timer = setTimeout(done, 1500);
        wake = () => {
          clearTimeout(timer);
          done();
        };
      });
    }
  } finally {
    signal?.removeEventListener('abort', leave);
    if (shared && signal?.aborted) post(`/api/jobs/${id}/leave`).catch(() => {}); // behind the last look at it, which said that it is waited for
    waiting.get(id).delete(told);
    if (waiting.get(id).size === 0) {
      waiting.delete(id);
      running.set(all => all.filter(one => one.id !== id));
    }
  }
}

/** From when on work of the page itself is shown, and how often, in milliseconds: most of it is over at once. */
const SHOWN_AFTER = 300;

/** Work of the page itself, shown as a job of this kind: `work` tells how far it is by `progress(done)`, which throws an AbortError when it was stopped. */
export async function ownJob(kind, work) {
  const view = { id: Symbol(kind), kind, subject: '', state: 'working', done: 0, of: 0, seconds: 0, stop: () => { view.stopped = true; } };
  let told = performance.now();
  const progress = done => {
    if (view.stopped) throw new DOMException(t('frame.stopped'), 'AbortError');
    if (performance.now() - told < SHOWN_AFTER) return;
    told = performance.now();
    running.set(all => [...all.filter(one => one.id !== view.id), { ...view, done }]);
  };
  try {
    return await work(progress);
  } finally {
    running.set(all => all.filter(one => one.id !== view.id));
  }
}

/** Shows what is under way already, as after a reload. */
export async function followAll() {
  const { jobs } = await get('/api/jobs');
  jobs.filter(one => !OVER.includes(one.state)).forEach(one => follow(one.id).catch(() => {}));
}

function stop(id) {
  return post(`/api/jobs/${id}/stop`).catch(toastError);
}

/** One line: what it is, a bar, how far, a button. */
export function Progress({ one }) {
  const { done, of, seconds } = one;
  const what = jobName(one);
  const left = done > 0 && of > done && seconds > 1 ? (seconds * (of - done)) / done : null;
  return html`<div class="job">
    <span class="what" title=${what}><bdi>${what}</bdi></span>
    <progress max=${of || 1} value=${of ? done : undefined} aria-label=${what || t('frame.working')}></progress>
    <span class="far">${of > 0 ? `${number(done)} / ${number(of)}` : done > 0 ? number(done) : ''} ${left ? t('frame.left', { time: duration(left) }) : ''}</span>
    <button class="small secondary" aria-label=${what ? t('frame.stopOf', { name: what }) : undefined} onClick=${one.stop ?? (() => stop(one.id))}>${t('frame.stop')}</button>
  </div>`;
}

export function JobBar() {
  const all = useStore(running);
  return html`<div class="jobs" role="region" aria-label=${t('frame.jobs')} hidden=${all.length === 0}>
    <p class="sr-only" role="status">${listed(all.map(one => t('frame.named', { name: t('frame.working'), what: jobName(one) })))}</p>
    ${all.map(one => html`<${Progress} key=${one.id} one=${one} />`)}
  </div>`;
}
