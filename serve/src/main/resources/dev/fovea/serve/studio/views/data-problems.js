// What may be wrong with a data set, kind by kind, each finding with its image and what can be done about it.
import { html, useEffect, useRef, useState } from '/lib/preact.js';
import { get, imageUrl, workspace } from '/base/api.js';
import { useChanges } from '/base/changes.js';
import { has, load, number, said, t } from '/base/i18n.js';
import { link, setParams } from '/base/router.js';
import { useLoaded, useStore } from '/base/store.js';
import { AnnotatedImage } from '/parts/annotated-image.js';
import { useCorrections, useUndoKeys } from '/parts/corrections.js';
import { Dialog } from '/parts/dialog.js';
import { Progress, job, useJob } from '/parts/job.js';
import { Failure, Skeleton } from '/parts/states.js';
import { toast, toastError } from '/parts/toast.js';

const SHOWN = 12;

export default function DataProblems({ params }) {
  const path = params.get('path') ?? '';
  const { value, error, loading, again } = useLoaded(async () => {
    await load('parts-shapes');
    return get('/api/data/problems', { path });
  }, [path]);
  const looking = useJob('problems', path);
  useChanges(again, 0, { kinds: ['data'], fits: changed => changed.path === path && changed.problems });
  return html`<div class="row spread"><h1>${t('data-problems.title')} <bdi>${path}</bdi></h1>
      <a role="button" class="secondary" href=${link('/data/view', { path })}>${t('data-problems.images')}</a></div>
    ${error && html`<${Failure} error=${error} again=${again} /><p><a href="/data">${t('data-problems.back')}</a></p>`}
    ${!value && !error && html`<${Skeleton} lines=${4} height="5rem" />`}
    ${value && html`<${Checks} path=${path} value=${value} params=${params} again=${again} looking=${looking} />
      ${looking && html`<div class="card looking"><p role="status">${t(looking.state === 'waiting' ? 'data-problems.waiting' : 'data-problems.looking')}</p><${Progress} one=${looking} /></div>`}
      ${value.checked ? html`<${Results} path=${path} value=${value} loading=${loading} again=${again} />` : !looking && html`<p class="empty">${t('data-problems.notYet')}</p>`}`}`;
}

/** Ways to look for problems, the quick ones first. */
function Checks({ path, value, params, again, looking }) {
  const ways = ['images', ...(value.targets === 'label' ? ['labels', 'train'] : []), ...(value.targets === 'objects' ? ['boxes'] : [])];
  const way = ways.includes(params.get('check')) ? params.get('check') : 'images';
  const runs = useLoaded(() => (way === 'labels' ? get('/api/data/map/models') : way === 'boxes' ? get('/api/annotations/models') : { models: [] }), [way]);
  const [run, setRun] = useState('');
  const [busy, setBusy] = useState(false);
  const models = (runs.value?.models ?? []).filter(one => way !== 'boxes' || one.scored);
  const chosen = models.some(one => one.run === run) ? run : models[0]?.run ?? '';
  const needsRun = way === 'labels' || way === 'boxes';
  const look = async () => {
    setBusy(true);
    try {
      const found = await job('/api/data/problems', { path, check: way, run: needsRun ? chosen : '' });
      toast(t('data-problems.found', { n: found.findings }));
      again();
    } catch (failed) {
      toastError(failed);
    } finally {
      setBusy(false);
    }
  };
  return html`<fieldset class="ways">
    <legend>${t('data-problems.how')}</legend>
    <div class="cards">${ways.map(one => html`<label key=${one} class=${'card way' + (one === way ? ' on' : '')}>
      <span class="row"><input type="radio" name="check" value=${one} checked=${one === way} onChange=${() => setParams({ check: one })} /> <strong>${t(`data-problems.way_${one}`)}</strong></span>
      <span class="soft">${t(`data-problems.about_${one}`)}</span></label>`)}</div>
    ${needsRun && runs.value && models.length === 0 && html`<p class="notice">${t('data-problems.noRuns')} <a href=${link('/train', { path })}>${t('data-problems.train')}</a></p>`}
    <div class="row">
      ${needsRun && models.length > 0 && html`<label for="run" class="inline">${t('data-problems.run')}</label>
        <select id="run" class="inline" value=${chosen} onChange=${event => setRun(event.target.value)}>${models.map(one => html`<option key=${one.run} value=${one.run} selected=${one.run === chosen}>${one.run}</option>`)}</select>`}
      <button id="look" onClick=${look} disabled=${busy || looking || (needsRun && !chosen)} aria-busy=${String(busy || looking !== null)}>${t('data-problems.look')}</button>
    </div>
  </fieldset>`;
}

/** An image may stand under several kinds: what became of it is known under all. */
const imageKey = one => `${one.part} ${one.index}`;

function Results({ path, value, loading, again }) {
  const writable = useStore(workspace)?.writable !== false;
  const [marks, setMarks] = useState({});
  useEffect(() => setMarks({}), [value]);
  const mark = some => setMarks(was => ({ ...was, ...Object.fromEntries(some.map(one => [imageKey(one), { mark: one.mark, to: one.to }])) }));
  const corrections = useCorrections(path, value.version, (some, which) => {
    mark(some);
    if (some.length > 0) toast(t(`data-problems.did_${which}`, { n: some.length }));
  });
  useUndoKeys(corrections.step, writable);
  const act = async (some, action) => {
    const [images, labels] = [{}, {}];
    for (const one of some) {
      (images[one.part] ??= []).push(one.index);
      (labels[one.part] ??= []).push(one.proposed);
    }
    try {
      await corrections.correct(action, images, { said: t(`data-problems.did_${action}`, { n: some.length }), ...(action === 'relabel' ? { labels } : {}) });
      mark(some.map(one => ({ ...one, mark: action === 'restore' ? undefined : action, to: one.proposed })));
    } catch (failed) {
      toastError(failed);
      if (failed.status === 409) again();
    }
  };
  return html`<div aria-busy=${String(loading)}>
    ${value.remarks.length > 0 && html`<details open><summary>${t('data-problems.remarks', { n: value.remarks.length })}</summary>
      <ul>${value.remarks.map(one => html`<li key=${one}><bdi>${said(one)}</bdi></li>`)}</ul></details>`}
    ${value.kinds.length === 0 && html`<p class="empty">${t('data-problems.none')}</p>`}
    ${value.kinds.length > 1 && html`<ul class="kinds">${value.kinds.map(one => html`<li key=${one.kind}><a href=${'#kind-' + one.kind}
      onClick=${event => { event.preventDefault(); document.getElementById('kind-' + one.kind)?.scrollIntoView({ block: 'start' }); }}>${title(one)}</a> <span class="soft">${number(one.count)}</span></li>`)}</ul>`}
    ${value.kinds.map(one => html`<${Kind} key=${value.check + one.kind} path=${path} kind=${one} targets=${value.targets} classes=${value.classes}
      writable=${writable} marks=${marks} onAct=${act} />`)}
  </div>`;
}

const title = kind => (has(`data-problems.kind_${kind.kind}`) ? t(`data-problems.kind_${kind.kind}`) : kind.title);
const meaning = kind => (has(`data-problems.meaning_${kind.kind}`) ? t(`data-problems.meaning_${kind.kind}`) : kind.meaning);

function Kind({ path, kind, targets, classes, writable, marks, onAct }) {
  const [findings, setFindings] = useState(kind.findings);
  const [shown, setShown] = useState(SHOWN);
  const [large, setLarge] = useState(null);
  useEffect(() => setFindings(kind.findings), [kind.findings]);
  const boxes = ['missing-box', 'box-class', 'doubtful-box', 'loose-box'].includes(kind.kind);
  const visible = findings.slice(0, shown).map(one => (imageKey(one) in marks ? { ...one, ...marks[imageKey(one)] } : one));
  const open = visible.filter(one => one.index !== undefined && !one.mark);

  const more = async () => {
    if (shown < findings.length) return setShown(shown + 24);
    try {
      const page = await get('/api/data/problems', { path, kind: kind.kind, offset: findings.length });
      setFindings([...findings, ...(page.kinds?.[0]?.findings ?? [])]);
      setShown(shown + 24);
    } catch (failed) {
      toastError(failed);
    }
    return undefined;
  };
  return html`<section class="problem-kind" id=${'kind-' + kind.kind} aria-labelledby=${'title-' + kind.kind}>
    <div class="row spread">
      <h2 id=${'title-' + kind.kind}>${title(kind)} <span class="soft">${number(kind.count)}</span></h2>
      ${writable && !boxes && open.length > 1 && html`<div class="row">
        ${kind.kind === 'label' && html`<button class="small secondary" onClick=${() => onAct(open, 'relabel')}>${t('data-problems.relabelAll', { n: open.length })}</button>`}
        <button class="small secondary" onClick=${() => onAct(open, 'remove')}>${t('data-problems.removeAll', { n: open.length })}</button></div>`}
    </div>
    <p class="soft">${meaning(kind)}</p>
    <ul class="cards problems">${visible.map(one => html`<${Card} key=${[one.part, one.index ?? one.name, one.box, one.other?.index].join(' ')} path=${path} one=${one} boxes=${boxes} writable=${writable} labelled=${targets === 'label'}
      onAct=${action => onAct([one], action)} onOpen=${() => setLarge(one)} />`)}</ul>
    ${shown < kind.count && html`<button class="small secondary" onClick=${more}>${t('data-problems.more', { n: kind.count - Math.min(shown, kind.count) })}</button>`}
    ${large && html`<${Dialog} wide title=${large.name} onClose=${() => setLarge(null)}>
      ${targets === 'objects' || targets === 'pixels'
        ? html`<${AnnotatedImage} path=${path} part=${large.part} index=${large.index} marked=${large.box && { box: large.box, text: large.proposed || large.given, label: Math.max(0, classes.indexOf(large.proposed || large.given)) }} />`
        : html`<div class="large-pair"><${Shown} path=${path} one=${large} size=${1024} />${large.other && html`<${Shown} path=${path} one=${large.other} size=${1024} />`}</div>`}
    <//>`}
  </section>`;
}

function Card({ path, one, boxes, writable, labelled, onAct, onOpen }) {
  const there = one.index !== undefined;
  const card = useRef(null);
  const acted = useRef(false);
  const act = action => {
    acted.current = true;
    onAct(action);
  };
  useEffect(() => { // what was clicked has gone
    if (acted.current) card.current.querySelector('.row button')?.focus();
    acted.current = false;
  }, [one.mark]);
  return html`<li ref=${card} class=${'card problem' + (one.mark ? ' done' : '')}>
    ${there
      ? html`<button class="plain pictures" onClick=${onOpen} aria-label=${t('data-problems.open', { name: one.name })}>
          ${one.box ? html`<${Boxed} path=${path} one=${one} />` : html`<${Shown} path=${path} one=${one} size=${320} />`}
          ${one.other && html`<${Shown} path=${path} one=${one.other} size=${320} />`}</button>`
      : html`<div class="pictures"><span class="soft">${t('data-problems.notThere')}</span></div>`}
    <p class="name soft"><span><bdi>${one.name}</bdi></span> ${t(`data-problems.part_${one.part}`)}</p>
    ${one.other && html`<p class="name soft"><span>${t('data-problems.like')} <bdi>${one.other.name}</bdi>${one.other.label && html` · <bdi>${one.other.label}</bdi>`}</span> ${t(`data-problems.part_${one.other.part}`)}</p>`}
    ${one.text && html`<p class="soft"><bdi>${one.text}</bdi></p>`}
    <p>${one.given && html`<bdi>${one.given}</bdi>`}${one.proposed && html` → <strong><bdi>${one.proposed}</bdi></strong>`} <span class="soft" title=${t('data-problems.score')}>${number(one.score, 2)}</span></p>
    ${one.mark && html`<p class="marked">${t(`data-problems.mark_${one.mark}`, { label: one.to })}</p>`}
    <div class="row">
      ${boxes && there && html`<a role="button" class="small" href=${link('/data/edit', { path, part: one.part, index: one.index })}>${t('data-problems.edit')}</a>`}
      ${writable && there && !one.mark && html`
        ${labelled && one.proposed && html`<button class="small" onClick=${() => act('relabel')}>${t('data-problems.relabel')}</button>`}
        <button class="small secondary" onClick=${() => act('remove')}>${t('data-problems.remove')}</button>
        <button class="small secondary" onClick=${() => act('keep')}>${t('data-problems.keep')}</button>`}
      ${writable && there && one.mark && html`<button class="small secondary" onClick=${() => act('restore')}>${t('data-problems.restore')}</button>`}
    </div>
  </li>`;
}

function Shown({ path, one, size }) {
  return html`<img alt=${one.name} loading="lazy" src=${imageUrl('/api/image', { path, part: one.part, index: one.index, size })} />`;
}

/** The part of the image that a finding is about, with its box. */
function Boxed({ path, one }) {
  const svg = useRef(null);
  const [seen, setSeen] = useState(false);
  const url = imageUrl('/api/image', { path, part: one.part, index: one.index, size: 2048 });
  const [left, top, right, bottom] = one.box;
  const side = Math.max(right - left, bottom - top) * 2;
  const [w, h] = [side * 1.6, side];
  const [x, y] = [(left + right - w) / 2, (top + bottom - h) / 2];
  useEffect(() => {
    const watcher = new IntersectionObserver(all => all.some(entry => entry.isIntersecting) && setSeen(true), { rootMargin: '200px' });
    watcher.observe(svg.current);
    return () => watcher.disconnect();
  }, []);
  return html`<svg ref=${svg} viewBox=${[x, y, w, h].join(' ')} role="img" aria-label=${one.name}>
    ${seen && html`<image href=${url} x="0" y="0" width=${one.width} height=${one.height} preserveAspectRatio="none" />`}
    <rect x=${left} y=${top} width=${right - left} height=${bottom - top} class="about" stroke-width=${h / 80} /></svg>`;
}
