// One data set: its classes with their counts, a contact sheet of its images, and corrections that are kept beside it.
import { html, useCallback, useEffect, useMemo, useRef, useState } from '/lib/preact.js';
import { onEvent, workspace } from '/base/api.js';
import { listed, number, said, t, useLanguage } from '/base/i18n.js';
import { go, link, setParams } from '/base/router.js';
import { useStore } from '/base/store.js';
import { Dialog, confirm } from '/parts/dialog.js';
import { job } from '/parts/job.js';
import { useCorrections, useUndoKeys } from '/parts/corrections.js';
import { problemNames } from '/parts/problem-names.js';
import { DropAnywhere, SendDialog, planned } from '/parts/send-data.js';
import { useItems, useSummary } from '/parts/data-items.js';
import { Large, Relabel } from '/parts/data-large.js';
import { Chips, Filters, NO_FILTERS, filtersOf, useColumns } from '/parts/data-filters.js';
import { Sheet } from '/parts/sheet.js';
import { Failure, Skeleton, sentence } from '/parts/states.js';
import { toast, toastError } from '/parts/toast.js';
import { WebcamDialog } from '/parts/webcam-classes.js';

/** So many images are not corrected without a question. */
const MANY = 1000;
const KEYS = '1234567890';

/** The keys that give an image a class: digits to classes that are called so, others by their order. */
function keysOf(classes) {
  const names = classes.map(one => one.name);
  return names.every(name => /^\d$/.test(name)) ? names : names.slice(0, KEYS.length).map((_, i) => KEYS[i]);
}
const SIZES = { small: 72, medium: 108, large: 168 };
const PARTS = ['train', 'validation', 'test'];

export default function DataView({ params }) {
  const path = params.get('path') ?? '';
  const { value: summary, error, opening, again } = useSummary(path);
  if (error) return html`<h1><bdi>${path || t('data.title')}</bdi></h1><${Failure} error=${error} again=${again} /><p><a href="/data">${t('data-view.toAll')}</a></p>`;
  if (!summary) return html`<h1><bdi>${path}</bdi></h1>
    <p class="soft" role="status">${opening ? t('data-view.opening') : ''}</p><${Skeleton} lines=${8} height="3rem" />`;
  return html`<${View} key=${path} path=${path} params=${params} summary=${summary} again=${again} />`;
}

function View({ path, params, summary, again }) {
  const search = {
    path,
    part: params.get('part'),
    class: params.get('class'),
    query: params.get('query'),
    changed: params.get('changed'),
    problems: params.get('problems'),
    ...filtersOf(params),
  };
  const [round, setRound] = useState(0);
  const [filtering, setFiltering] = useState(false);
  const columns = useColumns(path, summary.version, filtering, search);
  const { positions, excluded, error, item, read } = useItems(search, round, columns.waits);
  const [cursor, setCursor] = useState(() => Math.max(0, Number(params.get('at')) || 0));
  const [here, setHere] = useState(false); // whether somebody went to the image of the cursor
  const [several, setSeveral] = useState(false);
  const [selected, setSelected] = useState(new Set());
  const large = useLarge(params, positions, setCursor);
  const [choosing, setChoosing] = useState(null);
  const [dialog, setDialog] = useState(null);
  const writable = useStore(workspace)?.writable !== false;
  const size = SIZES[params.get('size')] ?? SIZES.medium;
  const searchKey = JSON.stringify(search);
  const begun = useRef(false);
  useEffect(() => {
    if (begun.current) setCursor(0);
    begun.current = true;
  }, [searchKey]);
  useEffect(() => { // the same positions are other images now
    setSelected(new Set());
    setHere(false);
    setChoosing(null);
    if (positions) setCursor(was => Math.max(0, Math.min(was, positions.total - 1)));
  }, [positions]);
  useEffect(() => {
    const timer = setTimeout(() => setParams({ at: cursor || null }), 500);
    return () => clearTimeout(timer);
  }, [cursor, params.get('image')]);
  const refresh = () => {
    setRound(was => was + 1);
    again();
  };
  const latest = useRef(refresh);
  latest.current = refresh;
  useEffect(() => {
    const ends = [onEvent('data', changed => changed.path === path && latest.current()), onEvent('again', () => latest.current())];
    return () => ends.forEach(end => end());
  }, [path]);

  const corrected = useCorrections(path, summary.version, refresh);
  useUndoKeys(corrected.step, writable);
  const chosen = () => (large.position !== null ? [large.position] : selected.size > 0 ? [...selected] : here && positions?.total ? [cursor] : []);
  const correct = async (action, which, label) => {
    if (which.length === 0) {
      toast(t('data-view.chooseFirst'));
      return;
    }
    if (which.length > MANY && !(await confirm(t('data-view.many', { n: which.length })))) return;
    const images = {};
    for (const position of which) {
      const { part, index } = positions.at(position);
      (images[part] ??= []).push(index);
    }
    try {
      const words = { remove: 'removed', relabel: 'relabelled', restore: 'restored' }[action];
      await corrected.correct(action, images, { said: t(`data-view.${words}`, { n: which.length, label }), label });
      refresh();
    } catch (failed) {
      toastError(failed);
      if (failed.status === 409) refresh();
    }
  };
  const exclude = () => {
    const which = chosen();
    const all = which.every(position => item(position)?.mark === 'remove');
    correct(all && which.length ? 'restore' : 'remove', which);
  };
  const relabel = label => {
    const which = chosen();
    correct('relabel', which, label);
  };
  const choose = () => (chosen().length ? setChoosing(chosen()) : toast(t('data-view.chooseFirst')));
  const labelled = summary.targets === 'label' && summary.classes.length > 1;
  const keyed = event => {
    if (!writable) return;
    if (event.ctrlKey || event.metaKey || event.altKey || event.repeat) return; // held, a key would exclude and include again
    if (event.key === 'x' || event.key === 'Delete') exclude();
    else if (labelled && keysOf(summary.classes).includes(event.key)) relabel(summary.classes[keysOf(summary.classes).indexOf(event.key)].name);
    else if (labelled && event.key === 'c') choose();
    else if (event.key === 'r') correct('restore', chosen());
    else return;
    event.preventDefault();
  };
  const take = useCallback(found => setDialog({ plan: planned(found) }), []);
  const target = summary.growable ? { path, classes: summary.classes.map(one => one.name) } : null;
  const describe = (position, one) =>
    one
      ? listed([one.label || t('data-view.image'), one.name, one.to && t('data-view.nowLabel', { label: one.to }), one.mark === 'remove' && t('data-view.isRemoved'), one.problems && problemNames(one.problems)].filter(Boolean))
      : t('data-view.number', { n: number(position + 1) });
  const caption = one => (one.values ? one.values.map(value => number(value)).join(' · ') : one.to ? html`<bdi>${one.label}</bdi> → <bdi class="to">${one.to}</bdi>` : html`<bdi>${one.label || one.name.split('/').pop()}</bdi>`);
  const side = useMemo(() => html`<${Side} summary=${summary} chosen=${search.class} labelled=${labelled} />`, [summary, search.class, useLanguage()]);
  const corrections = summary.corrections;
  const done = made => {
    setDialog(null);
    if (made === path) refresh();
    else go(link('/data/view', { path: made }));
  };

  return html`<div class="row spread">
      <h1><bdi>${path === '.' ? t('data.wholeWorkspace') : path}</bdi></h1>
      <div class="row">
        <a role="button" href=${link('/train', { path })}>${t('data-view.train')}</a>
        ${['objects', 'pixels'].includes(summary.targets) && html`<a role="button" class="secondary" href=${link('/data/edit', { path })}>${t('data-view.edit')}</a>`}
        <a role="button" class="secondary" href=${link('/data/problems', { path })}>${t('data-view.problems')}</a>
        <a role="button" class="secondary" href=${link('/data/map', { path })}>${t('data-view.map')}</a>
        ${writable && summary.growable && html`<button class="secondary" onClick=${() => setDialog({ webcam: true })}>${t('data.webcam')}</button>`}
      </div>
    </div>
    ${summary.notes.length > 0 && html`<details><summary>${t('data-view.notes', { n: summary.notes.length })}</summary><ul>${summary.notes.map(note => html`<li key=${note}><bdi>${said(note)}</bdi></li>`)}</ul></details>`}
    <div class="data-view">
      ${side}
      <div>
        <${Tools} search=${search} summary=${summary} params=${params} filtering=${filtering} onFilter=${setFiltering} />
        ${filtering && html`<${Filters} columns=${columns} search=${search} />`}
        <${Chips} search=${search} />
        ${columns.waits && html`<p class="notice" role="status">${columns.measuring ? t('data-view.measuring') : html`${columns.error ? sentence(columns.error) : t('data-view.unmeasured')} <button class="small" onClick=${columns.measure}>${t('data-view.measure')}</button>`}</p>`}
        <div class="data-tools chosen-bar">
          <span aria-live="polite">${selected.size > 0 ? t('data-view.selected', { n: selected.size }) : positions ? found(summary, search.class, positions.total, excluded) : ''}</span>
          <button class="small secondary" disabled=${!positions?.total} onClick=${() => large.open(chosen()[0] ?? cursor)} title="Enter">${t('data-view.open')}</button>
          <label class="several"><input type="checkbox" checked=${several} onChange=${event => setSeveral(event.target.checked)} />${t('data-view.several')}</label>
          ${writable && html`<button class="small secondary" disabled=${!positions?.total} onClick=${exclude} title="X">${t('data-view.exclude')}</button>
            ${labelled && html`<button class="small secondary" disabled=${!positions?.total} onClick=${choose} title="C">${t('data-view.relabel')}</button>`}
            <button class="small secondary" disabled=${!positions?.total} onClick=${() => correct('restore', chosen())} title="R">${t('data-view.restore')}</button>
            <button class="small secondary" disabled=${!corrections.undo} onClick=${() => corrected.step('undo')} title="Ctrl+Z">${t('data-view.undo')}</button>
            <button class="small secondary" disabled=${!corrections.redo} onClick=${() => corrected.step('redo')} title="Ctrl+Y">${t('data-view.redo')}</button>`}
          <span class="end soft">${corrections.removed + corrections.relabelled > 0 &&
            html`${t('data-view.state', { removed: corrections.removed, relabelled: corrections.relabelled })} ${writable && html`<button class="small plain" onClick=${() => setDialog({ list: true })}>${t('data-view.kept')}</button>`}`}</span>
        </div>
        ${error && html`<${Failure} error=${error} again=${refresh} />`}
        ${!positions && !error && !columns.waits && html`<${Skeleton} lines=${4} height="6rem" />`}
        ${positions && positions.total === 0 && html`<p class="empty">${t('data-view.noneFound')} <button class="small secondary" onClick=${() => setParams({ part: null, class: null, query: null, changed: null, problems: null, ...NO_FILTERS })}>${t('data-view.showAll')}</button></p>`}
        ${positions && positions.total > 0 && html`<${Sheet} path=${path} version=${summary.version} positions=${positions} size=${size} item=${item} cursor=${cursor}
          selected=${selected} label=${t('data-view.sheet')} onCursor=${to => { setCursor(to); setHere(true); }} onSelect=${setSelected} onRange=${read} onKey=${keyed} onOpen=${large.open}
          describe=${describe} caption=${caption} several=${several} top=${Number(params.get('top')) || 0} onTop=${position => setParams({ top: position || null })} />`}
        <p class="soft keys">${t(labelled ? 'data-view.keysLabelled' : 'data-view.keys')}</p>
      </div>
    </div>
    <${DropAnywhere} onFiles=${take} enabled=${writable} />
    ${large.position !== null && html`<${Large} path=${path} summary=${summary} at=${to => positions.at(to)} one=${item(large.position)} position=${large.position} total=${positions.total}
      onMove=${to => { large.move(to); read(to, to + 1); }} onClose=${large.close} caption=${caption} onKey=${keyed}
      actions=${writable && html`<button class="secondary" onClick=${exclude} title="X">${t(item(large.position)?.mark === 'remove' ? 'data-view.restore' : 'data-view.exclude')}</button>
        ${labelled && html`<button class="secondary" onClick=${choose} title="C">${t('data-view.relabel')}</button>`}`} />`}
    ${choosing && html`<${Relabel} classes=${summary.classes.map(one => one.name)} count=${choosing.length} onClose=${() => setChoosing(null)}
      onChoose=${label => { const which = choosing; setChoosing(null); correct('relabel', which, label); }} />`}
    ${dialog?.plan && html`<${SendDialog} plan=${dialog.plan} target=${target} onClose=${() => setDialog(null)} onDone=${done} />`}
    ${dialog?.webcam && html`<${WebcamDialog} target=${target} onClose=${() => setDialog(null)} onDone=${done} />`}
    ${dialog?.list && html`<${Kept} path=${path} targets=${summary.targets} corrections=${corrections} onClose=${() => setDialog(null)} />`}`;
}

/** The image that is shown large: its name stands in the address, and the browser's back button closes it. */
function useLarge(params, positions, setCursor) {
  const named = params.get('image');
  const found = named && positions ? positions.find(named) : -1;
  const last = useRef(0);
  const pushed = useRef(false);
  const seen = useRef(false);
  if (found >= 0) {
    last.current = found;
    seen.current = true;
  }
  const show = (position, replace) => {
    const { part, index } = positions.at(position);
    setCursor(position);
    setParams({ image: `${part}:${index}`, at: position || null }, { replace });
  };
  const close = () => {
    if (pushed.current) history.back();
    else setParams({ image: null });
    pushed.current = false;
  };
  useEffect(() => { // one that is no longer among those that are looked for makes place for the next
    if (!named || !positions || found >= 0) return;
    if (positions.total > 0 && seen.current) show(Math.min(last.current, positions.total - 1), true);
    else close();
  }, [positions, named]);
  useEffect(() => {
    if (!named) pushed.current = seen.current = false;
    else if (found >= 0) setCursor(found);
  }, [named]);
  return {
    position: found >= 0 ? found : null,
    open: position => {
      pushed.current = true;
      show(position, false);
    },
    move: position => show(position, true),
    close,
  };
}

/** Classes of objects and several labels are counted by the images that have them. */
const ofImages = summary => ['objects', 'labels'].includes(summary.targets);

/** How many images a search has found, `n`, of which some are excluded. */
function found(summary, label, n, excluded) {
  const all = label && ofImages(summary) ? t('data-view.having', { n, label }) : t(summary.clips ? 'data.clips' : 'data.images', { n });
  return excluded > 0 ? `${all}, ${t('data-view.nExcluded', { n: excluded })}` : all;
}

function Side({ summary, chosen, labelled }) {
  const parts = PARTS.filter(part => part in summary.parts);
  const excluded = part => summary.excluded[part] ?? 0;
  const n = parts.reduce((sum, part) => sum + summary.parts[part], 0);
  const used = n - parts.reduce((sum, part) => sum + excluded(part), 0);
  const images = used < n ? t(summary.clips ? 'data-view.usedClips' : 'data-view.used', { used, n }) : t(summary.clips ? 'data.clips' : 'data.images', { n });
  const ofPart = part => (excluded(part) ? t('data-view.usedOf', { used: summary.parts[part] - excluded(part), n: summary.parts[part] }) : number(summary.parts[part]));
  const count = row => parts.reduce((sum, part) => sum + (row[part] ?? 0), 0);
  const most = Math.max(1, ...summary.classes.map(count));
  const counted = summary.classes.some(row => parts.some(part => row[part] !== undefined));
  const keys = keysOf(summary.classes);
  const named = row => (ofImages(summary) ? t('data-view.having', { n: count(row), label: row.name }) : row.name);
  return html`<section class="data-side" aria-labelledby="classes" tabindex=${counted ? undefined : 0}>
    <h2 id="classes">${listed([images, summary.classes.length > 0 && t('data.classes', { n: summary.classes.length })].filter(Boolean))}</h2>
    ${parts.length > 1 && html`<p class="legend">${parts.map(part => html`<span key=${part} class=${part}><i aria-hidden="true"></i>${t(`data-view.part_${part}`)} ${ofPart(part)}</span>`)}</p>`}
    ${summary.numbers.length > 0 && html`<p class="soft counted">${t('data-view.numbers')} <bdi>${summary.numbers.join(' · ')}</bdi></p>`}
    ${counted && ofImages(summary) && html`<p class="soft counted">${t('data-view.counted')}</p>`}
    <ul class="class-list">${summary.classes.map((row, i) => html`<li key=${row.name}><button aria-pressed=${String(chosen === row.name)} disabled=${!counted}
        aria-label=${counted ? listed([named(row), ...parts.map(part => `${number(row[part] ?? 0)} ${t(`data-view.part_${part}`)}`)]) : undefined}
        aria-keyshortcuts=${labelled ? keys[i] : undefined} title=${counted ? t('frame.named', { name: named(row), what: listed(parts.map(part => `${number(row[part] ?? 0)} ${t(`data-view.part_${part}`)}`)) }) : row.name} onClick=${() => setParams({ class: chosen === row.name ? null : row.name })}>
      ${labelled && keys[i] ? html`<kbd aria-hidden="true">${keys[i]}</kbd>` : html`<span></span>`}
      <span class="name"><bdi>${row.name}</bdi></span><span class="count">${counted ? number(count(row)) : ''}</span>
      ${counted && html`<span class="bar" aria-hidden="true">${parts.map(part => html`<span key=${part} class=${part} style=${{ width: `${(100 * (row[part] ?? 0)) / most}%` }}></span>`)}</span>`}
    </button></li>`)}</ul>
  </section>`;
}

function Tools({ search, summary, params, filtering, onFilter }) {
  const [query, setQuery] = useState(search.query ?? '');
  const timer = useRef(0);
  useEffect(() => () => clearTimeout(timer.current), []); // what is typed here is of no address but this
  const field = useRef(null);
  useEffect(() => {
    if (document.activeElement !== field.current) setQuery(search.query ?? '');
  }, [search.query]);
  const typed = event => {
    const text = event.target.value;
    setQuery(text);
    clearTimeout(timer.current);
    timer.current = setTimeout(() => setParams({ query: text || null }), 250);
  };
  const parts = PARTS.filter(part => part in summary.parts);
  const box = name => html`<label><input type="checkbox" checked=${search[name] === 'true'} onChange=${event => setParams({ [name]: event.target.checked ? 'true' : null })} />${t(`data-view.only_${name}`)}</label>`;
  return html`<div class="data-tools">
    <input ref=${field} type="search" aria-label=${t('data-view.search')} placeholder=${t('data-view.search')} value=${query} onInput=${typed} />
    ${parts.length > 1 && html`<select aria-label=${t('data-view.part')} value=${search.part ?? ''} onChange=${event => setParams({ part: event.target.value || null })}>
      <option value="">${t('data-view.allParts')}</option>${parts.map(part => html`<option key=${part} value=${part}>${t(`data-view.part_${part}`)}</option>`)}</select>`}
    <button class="small secondary" aria-expanded=${String(filtering)} onClick=${() => onFilter(!filtering)}>${t('data-view.moreFilters')}</button>
    ${box('changed')}${(summary.problems > 0 || search.problems) && box('problems')}
    <select class="end" aria-label=${t('data-view.size')} value=${params.get('size') ?? 'medium'} onChange=${event => setParams({ size: event.target.value === 'medium' ? null : event.target.value })}>
      ${Object.keys(SIZES).map(name => html`<option key=${name} value=${name}>${t(`data-view.size_${name}`)}</option>`)}</select>
  </div>`;
}

const MODELS = { objects: 'fovea-det', pixels: 'unet' };

/** As a shell takes it. */
const quoted = text => (/^[\w.\/-]+$/.test(text) ? text : `'${text.replaceAll("'", "'\\''")}'`);

function Kept({ path, targets, corrections, onClose }) {
  const [name, setName] = useState(`${path.replace(/[/.]/g, '-')}-clean.csv`);
  const [busy, setBusy] = useState(false);
  const save = async () => {
    setBusy(true);
    try {
      const made = await job('/api/data/clean', { path, name });
      toast(t('data-view.saved', { n: made.images, list: made.path }));
      onClose();
    } catch (failed) {
      toastError(failed);
      setBusy(false);
    }
  };
  return html`<${Dialog} title=${t('data-view.keptTitle')} onClose=${onClose}>
    <p>${t('data-view.keptAbout')} <code><bdi>${corrections.list}</bdi></code></p>
    <p class="soft">${t('data-view.keptCommand')}</p>
    <pre><code>${`fovea train ${MODELS[targets] ?? 'resnet18'} --data ${quoted(path)} --corrections ${quoted(corrections.list)}`}</code></pre>
    <div class="field"><label for="list-name">${t('data-view.saveAs')}</label><input id="list-name" value=${name} onInput=${event => setName(event.target.value)} /><small>${t('data-view.saveAsAbout')}</small></div>
    <footer><button class="secondary" onClick=${onClose}>${t('frame.close')}</button><button disabled=${busy} onClick=${save}>${t('data-view.save')}</button></footer>
  <//>`;
}
