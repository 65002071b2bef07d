// What a model answered about every image of a data set: which data, the waiting, the images and one image large.
import { html, useEffect, useRef, useState } from '/lib/preact.js';
import { get, imageUrl, workspace } from '/base/api.js';
import { useChanges } from '/base/changes.js';
import { has, number, said, t } from '/base/i18n.js';
import { link, setParams, useAddress } from '/base/router.js';
import { useLoaded, useStore } from '/base/store.js';
import { useCorrections } from '/parts/corrections.js';
import { Dialog } from '/parts/dialog.js';
import { job } from '/parts/job.js';
import { Picture } from '/parts/picture.js';
import { Failure, Skeleton, Told } from '/parts/states.js';
import { toastError } from '/parts/toast.js';
import { Why } from '/parts/why.js';

const PAGE = 24;

/** Which answers the address names. */
function studyOf(run, params) {
  return { run, data: params.get('data') ?? '', part: params.get('part') ?? '' };
}

/** Asks the model, if nobody has yet: {value, error, progress, again}. */
function useStudy(study) {
  const key = JSON.stringify([study.run, study.data, study.part]);
  const [kept, setState] = useState({ key });
  const state = kept.key === key ? kept : { key }; // at once, not only once the effect has run
  const [round, setRound] = useState(0);
  const pressed = useRef(false);
  useEffect(() => {
    const left = new AbortController();
    const say = next => !left.signal.aborted && setState({ ...next, key });
    setState({ key });
    const body = { ...study, again: pressed.current };
    pressed.current = false;
    job('/api/evaluate', body, { onProgress: progress => say({ progress }), signal: left.signal, shared: true }).then(
      value => say({ value }),
      error => say({ error }),
    );
    return () => left.abort();
  }, [key, round]);
  useChanges(() => state.error && state.error.name !== 'AbortError' && setRound(was => was + 1), 0, { kinds: [] });
  return { ...state, again: () => {
    pressed.current = true;
    setRound(was => was + 1);
  } };
}

/** Which data the figures are of, and where to choose others. */
function DataChoice({ study, about, summary }) {
  const { value: list } = useLoaded(() => get('/api/evaluate/data', { run: study.run }).catch(() => ({ sets: [] })), [study.run]);
  const all = list?.sets ?? [];
  const sets = all.filter(one => !one.why).map(one => one.path);
  const others = all.filter(one => one.why && one.path !== study.data);
  const own = about.data || t('evaluate.ownData');
  return html`<form class="study-data" onSubmit=${event => event.preventDefault()}>
    <label>${t('evaluate.data')}
      <select name="data" value=${study.data} onChange=${event => setParams({ ...CLEARED, data: event.target.value })}>
        <option value="" selected=${study.data === ''}>${t('evaluate.ofRun', { data: own })}</option>
        ${study.data && !sets.includes(study.data) && html`<option value=${study.data} selected>${study.data}</option>`}
        ${sets.map(path => html`<option key=${path} value=${path} selected=${path === study.data}>${path}</option>`)}
        ${others.length > 0 && html`<optgroup label=${t('evaluate.unfit')}>${others.map(one => html`<option key=${one.path} disabled title=${said(one.why)}>${t('frame.named', { name: one.path, what: said(one.why) })}</option>`)}</optgroup>`}
      </select></label>
    <label>${t('evaluate.part')}
      <select value=${study.part || summary?.part || ''} onChange=${event => setParams({ ...CLEARED, part: event.target.value })}>
        ${!study.part && !summary && html`<option value="">–</option>`}
        ${['validation', 'test', 'train'].map(part => html`<option key=${part} value=${part} selected=${part === (study.part || summary?.part)}>${t(`evaluate.part_${part}`)}</option>`)}
      </select></label>
    <p class="soft">${summary ? t('evaluate.images', { n: summary.images }) : ' '}
      ${summary && summary.all > summary.images + summary.unreadable && html` ${t('evaluate.ofAll', { n: number(summary.all) })}`}
      ${summary?.unreadable > 0 && html` · ${t('evaluate.unreadable', { n: summary.unreadable })}`}</p>
  </form>
  ${summary?.changed && html`<p class="notice">${said(summary.changed)}</p>`}`;
}

/** Parameters that no longer make sense for other answers. */
const CLEARED = { bar: null, truth: null, told: null, label: null, outcome: null, slice: null, kind: null, answer: null, from: null };

/** Choice of data, then what `children` (a function of the summary) draws once the answers are there. */
export function Study({ run, about, params, children }) {
  const study = studyOf(run, params);
  const { value, error, progress, again } = useStudy(study);
  const far = progress?.of > 0 ? `${number(progress.done)} / ${number(progress.of)}` : '';
  return html`<${DataChoice} study=${study} about=${about} summary=${value} />
    ${error && html`<${Failure} error=${error} again=${again} />`}
    ${!value && !error && html`<div class="card"><p aria-hidden="true">${t('evaluate.asking')} ${far}</p>
      <${Told} text=${`${t('evaluate.asking')} ${far}`} done=${progress?.done} of=${progress?.of} /><${Skeleton} lines=${5} height="2.2rem" /></div>`}
    ${value && children(value, study)}`;
}

/** Figures in a row: [{name, value, title}]. */
export function Figures({ items }) {
  return html`<dl class="study-figures">${items.map(
    one => html`<div key=${one.name}><dt>${one.name}</dt><dd>${one.value}</dd></div>`,
  )}</dl>`;
}

/** A slider from 0 to 1 whose value others follow at once. */
export function Threshold({ label, value, onChange, least = 0, most = 1, children }) {
  return html`<div class="threshold"><label>${label} <output>${number(value, 2)}</output>
    <input type="range" min=${least} max=${most} step="0.01" value=${value} onInput=${event => onChange(Number(event.target.value))} /></label>
    ${children}</div>`;
}

/** What a path with these parameters gives, as `useNewest` says it. */
export function useLatest(path, params) {
  return useNewest(signal => get(path, params, { signal }), params === null ? null : JSON.stringify([path, params]));
}

/**
 * What `ask(signal)` gives for a key, {value, error, again}: the old value stands until the new one is there, and the last asked wins. It
 * is asked once the key rests for `pause` milliseconds, and not for a key that is null.
 */
export function useNewest(ask, key, pause = 16) {
  const [state, setState] = useState({ key, value: null, error: null });
  const [round, setRound] = useState(0);
  const again = () => setRound(was => was + 1);
  useChanges(again, 0, { kinds: [] });
  useEffect(() => {
    if (key === null) return undefined;
    const left = new AbortController();
    const say = next => !left.signal.aborted && setState(was => ({ key, value: was.key === key ? was.value : null, error: null, ...next }));
    const timer = setTimeout(() => ask(left.signal).then(value => say({ value }), error => say({ error })), pause);
    return () => {
      clearTimeout(timer);
      left.abort();
    };
  }, [key, round]);
  return { value: state.value, error: state.error, again };
}

function picture(study, item, size) {
  return imageUrl('/api/image/evaluated', { ...study, answer: item.answer, size });
}

export function shortName(name) {
  return name.split(/[\\/]/).pop();
}

/** The text of a key, or the word itself if there is none. */
export function wordOf(key, word) {
  return has(key) ? t(key) : word;
}

/**
 * Images with what was answered, a page of them. query: parameters of /api/evaluate/images; caption: item => text below; over:
 * item => what lies over it; onOpen: an image is wanted large.
 */
export function Images({ study, query, title, caption, over, onOpen, empty, note }) {
  const { params } = useAddress();
  const from = Math.max(0, Math.floor(Number(params.get('from')) || 0));
  const setFrom = next => setParams({ from: next || null });
  const key = JSON.stringify(query);
  const asked = JSON.stringify({ ...query, threshold: null });
  const before = useRef(asked);
  useEffect(() => {
    if (before.current !== asked) setFrom(0);
    before.current = asked;
  }, [asked]);
  const { value, error, again } = useLatest('/api/evaluate/images', { ...study, ...query, from, count: PAGE });
  useChanges(again, 0, { kinds: ['data'] }); // what was corrected says so
  useEffect(() => {
    if (value && from > 0 && from >= value.count) setFrom(0);
  }, [value]);
  if (error && !value) return html`<${Failure} error=${error} again=${again} />`;
  return html`<section aria-label=${title} class="study-images" data-query=${key}>
    <div class="row spread"><h2 class="minor">${title}${value ? html` <span class="soft">${number(value.count)}</span>` : ''}</h2>${note}</div>
    ${!value && html`<${Skeleton} lines=${1} height="11rem" />`}
    ${value?.count === 0 && html`<p class="soft">${empty ?? t('evaluate.none')}</p>`}
    ${value?.count > 0 && html`<ul class="thumbs">${value.images.map(
      item => html`<li key=${item.answer}><button class="plain thumb" onClick=${() => onOpen(item)} title=${shortName(item.name)}>
        <span class="frame"><${Framed} item=${item}>
          <${Picture} src=${picture(study, item, 320)} alt=${shortName(item.name)} loading="lazy" width=${item.width} height=${item.height} />${over?.(item)}<//></span>
        <span class="caption">${caption(item)}</span><${Mark} place=${item.place} /></button></li>`,
    )}</ul>`}
    ${value?.count > PAGE && html`<div class="row pager">
      <button class="small secondary" disabled=${from === 0} onClick=${() => setFrom(Math.max(0, from - PAGE))}>${t('evaluate.before')}</button>
      <span class="soft">${number(from + 1)}–${number(Math.min(value.count, from + PAGE))} / ${number(value.count)}</span>
      <button class="small secondary" disabled=${from + PAGE >= value.count} onClick=${() => setFrom(from + PAGE)}>${t('evaluate.next')}</button>
    </div>`}
  </section>`;
}

/** What was corrected about an image. */
function Mark({ place }) {
  if (!['remove', 'relabel'].includes(place?.mark)) return null;
  return html`<span class="mark">${t(`evaluate.mark_${place.mark}`, { name: place.to })}</span>`;
}

/** As large as its place and of the image's shape, so that what lies over it fits. */
function Framed({ item, children }) {
  return html`<span class="framed" style=${{ aspectRatio: `${item.width} / ${item.height}`, width: `min(100%, calc(var(--frame) * ${item.width / item.height}))` }}>${children}</span>`;
}

/** One image enlarged, with explanations and ways to fix its data. */
export function Large({ study, summary, item, onClose, children, classes, over, plainValue = false }) {
  return html`<${Dialog} title=${shortName(item.name)} onClose=${onClose} wide=${true}>
    <div class="large">
      <div class="frame"><${Framed} item=${item}>
        <${Picture} src=${picture(study, item, 1024)} alt=${shortName(item.name)} width=${item.width} height=${item.height} />${over?.(item)}<//></div>
      <div>${children}
        <${Explanation} study=${study} summary=${summary} item=${item} classes=${classes} plainValue=${plainValue} />
        <${Mend} study=${study} summary=${summary} item=${item} />
      </div>
    </div>
  <//>`;
}

/** Which part of the image an answer depends on, drawn when it is asked for. */
function Explanation({ study, summary, item, classes, plainValue }) {
  const ask = (wish, onProgress, signal) =>
    job('/api/explain', { ...study, answer: item.answer, ...wish }, { onProgress, signal })
      .then(value => ({ ...value, image: imageUrl('/api/image/explained', { id: value.id }), width: item.width, height: item.height }));
  return html`<${Why} methods=${summary.methods} classes=${classes} ask=${ask} plainValue=${plainValue} />`;
}

/** Ways to fix the data: relabel the image, exclude it, or open it in its data set. */
function Mend({ study, summary, item }) {
  const { value: now, again } = useLatest('/api/evaluate/item', { ...study, answer: item.answer });
  useChanges(again, 0, { kinds: ['data'] });
  const writable = useStore(workspace)?.writable !== false;
  const [label, setLabel] = useState(''); // the model is wrong often enough not to be taken at its word
  const place = (now?.answer === item.answer ? now : item).place;
  const single = summary.kind === 'classification';
  const path = summary.address;
  const corrections = useCorrections(path, place?.version, () => {});
  if (!path || place?.index === undefined) return html`<p class="soft">${t('evaluate.elsewhere')}</p>`;
  const correct = async (action, to) => {
    const said = action === 'relabel' ? t('evaluate.relabelled', { name: to }) : t(`evaluate.done_${action}`);
    try {
      await corrections.correct(action, { [place.part]: [place.index] }, { said, label: to });
    } catch (error) {
      toastError(error);
    }
    again();
  };
  const off = !writable;
  return html`<section class="mend">
    <h3>${t('evaluate.mend')}</h3>
    <p class="notice" hidden=${!['remove', 'relabel'].includes(place.mark)}>${place.mark === 'relabel' ? t('evaluate.isRelabelled', { name: place.to }) : t('evaluate.isRemoved')}
      <button class="small secondary" disabled=${off} onClick=${() => correct('restore')}>${t('evaluate.restore')}</button></p>
    ${single && html`<form class="row" onSubmit=${event => { event.preventDefault(); correct('relabel', label); }}>
      <label>${t('evaluate.rightLabel')} <select value=${label} required onChange=${event => setLabel(event.target.value)}>
        <option value="" disabled selected=${!label}>${t('evaluate.choose')}</option>
        ${summary.classes.filter(one => one !== summary.classes[item.truth]).map(one => html`<option key=${one} value=${one} selected=${one === label}>${one}</option>`)}</select></label>
      <button class="small" disabled=${off}>${t('evaluate.fix')}</button>
    </form>`}
    <div class="row">
      <button class="small secondary" disabled=${off} onClick=${() => correct('remove')}>${t('evaluate.leaveOut')}</button>
      <a href=${link('/data/view', { path: summary.address, part: place.part, query: shortName(item.name) })}>${t('evaluate.inData')}</a>
    </div>
  </section>`;
}
