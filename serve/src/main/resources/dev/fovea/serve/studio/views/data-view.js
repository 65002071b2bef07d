// One data set: its classes with their counts, a contact sheet of its images, and corrections that are kept beside it.
import { html, useCallback, useEffect, useMemo, useRef, useState } from '/lib/preact.js';
import { get, imageUrl, onEvent, post, workspace } from '/base/api.js';
import { number, t } from '/base/i18n.js';
import { go, link, setParams } from '/base/router.js';
import { useStore } from '/base/store.js';
import { Dialog, confirm } from '/parts/dialog.js';
import { job } from '/parts/job.js';
import { DropAnywhere, SendDialog, planned } from '/parts/send-data.js';
import { Positions, Sheet } from '/parts/sheet.js';
import { Failure, Skeleton } from '/parts/states.js';
import { toast, toastError } from '/parts/toast.js';
import { WebcamDialog } from '/parts/webcam-classes.js';

const PAGE = 200;
/** So many images are not corrected without a question. */
const MANY = 1000;
const KEYS = '1234567890';
const SIZES = { small: 72, medium: 108, large: 168 };
const PARTS = ['train', 'validation', 'test'];

/** The summary, asked for again while the data is being opened. */
function useSummary(path) {
  const [state, setState] = useState({ value: null, error: null, opening: false });
  const [round, setRound] = useState(0);
  const shown = useRef(path);
  if (shown.current !== path) { // of another data set nothing is shown under this one's name
    shown.current = path;
    state.value = null;
    state.error = null;
  }
  useEffect(() => {
    let wanted = true;
    const ask = async () => {
      try {
        const value = await get('/api/data/summary', { path });
        if (!wanted) return;
        if (value.opening) {
          setState(was => ({ ...was, opening: true }));
          setTimeout(() => wanted && ask(), 300);
        } else setState({ value, error: null, opening: false });
      } catch (error) {
        if (wanted) setState({ value: null, error, opening: false });
      }
    };
    ask();
    return () => {
      wanted = false;
    };
  }, [path, round]);
  return { ...state, again: () => setRound(was => was + 1) };
}

/** Where the images of a search are, and what is known of those on the screen. */
function useItems(search, round) {
  const key = JSON.stringify(search);
  const [found, setFound] = useState({ positions: null, error: null });
  const [, draw] = useState(0);
  const pages = useRef(new Map());
  const asked = useRef(new Set());
  const wanted = useRef({ from: 0, to: 0 });
  useEffect(() => {
    let current = true;
    const stop = new AbortController();
    get('/api/data/items', { ...search, runs: 'true', limit: PAGE }, { signal: stop.signal }).then(
      page => {
        if (!current) return;
        pages.current = new Map([[0, page.items]]);
        asked.current = new Set([0]);
        setFound(was => {
          const same = was.positions && JSON.stringify(was.positions.runs) === JSON.stringify(page.runs);
          return { positions: same ? was.positions : new Positions(page.runs), error: null };
        });
        read(wanted.current.from, wanted.current.to);
        draw(was => was + 1);
      },
      error => current && error.name !== 'AbortError' && setFound({ positions: null, error }),
    );
    return () => {
      current = false;
      stop.abort();
    };
  }, [key, round]);
  const timer = useRef(0);
  const read = useCallback((from, to) => {
    wanted.current = { from, to };
    clearTimeout(timer.current);
    timer.current = setTimeout(() => {
      const store = pages.current;
      for (let page = Math.floor(from / PAGE); page <= Math.floor((to - 1) / PAGE); page++) {
        if (asked.current.has(page)) continue;
        asked.current.add(page);
        get('/api/data/items', { ...JSON.parse(key), offset: page * PAGE, limit: PAGE }).then(
          some => {
            store.set(page, some.items);
            if (store.size > 60) store.delete(store.keys().next().value); // asked for again when it comes back
            if (store === pages.current) {
              asked.current = new Set([...asked.current].filter(one => store.has(one) || one > page));
              draw(was => was + 1);
            }
          },
          () => asked.current.delete(page),
        );
      }
    }, 60);
  }, [key]);
  const item = position => pages.current.get(Math.floor(position / PAGE))?.[position % PAGE];
  return { ...found, item, read };
}

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
  };
  const [round, setRound] = useState(0);
  const { positions, error, item, read } = useItems(search, round);
  const [cursor, setCursor] = useState(() => Math.max(0, Number(params.get('at')) || 0));
  const [here, setHere] = useState(false); // whether somebody went to the image of the cursor
  const [several, setSeveral] = useState(false);
  const [selected, setSelected] = useState(new Set());
  const [large, setLarge] = useState(null);
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
    setLarge(null);
    setChoosing(null);
    if (positions) setCursor(was => Math.max(0, Math.min(was, positions.total - 1)));
  }, [positions]);
  useEffect(() => {
    const timer = setTimeout(() => setParams({ at: cursor || null }), 500);
    return () => clearTimeout(timer);
  }, [cursor]);
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

  const lastChange = useRef(0);
  const chosen = () => (selected.size > 0 ? [...selected] : here && positions?.total ? [cursor] : []);
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
      await post('/api/data/correct', { path, version: summary.version, action, images, ...(label ? { label } : {}) });
      const mine = ++lastChange.current;
      const words = { remove: 'removed', relabel: 'relabelled', restore: 'restored' }[action];
      toast(t(`data-view.${words}`, { n: which.length, label }), { action: { label: t('data-view.undo'), run: () => (mine === lastChange.current ? step('undo') : toast(t('data-view.undoOlder'))) } });
      refresh();
    } catch (failed) {
      toastError(failed);
      if (failed.status === 409) refresh();
    }
  };
  const step = async which => {
    lastChange.current++;
    try {
      const { images } = await post(`/api/data/${which}`, { path });
      if (images === 0) toast(t(`data-view.nothing_${which}`));
      refresh();
    } catch (failed) {
      toastError(failed);
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
    const control = event.ctrlKey || event.metaKey;
    if (control && event.key.toLowerCase() === 'z') {
      event.preventDefault();
      step(event.shiftKey ? 'redo' : 'undo');
    } else if (control && event.key.toLowerCase() === 'y') {
      event.preventDefault();
      step('redo');
    } else if (!control && !event.altKey && (event.key === 'x' || event.key === 'Delete')) {
      event.preventDefault();
      exclude();
    } else if (!control && !event.altKey && labelled && KEYS.includes(event.key) && summary.classes[KEYS.indexOf(event.key)]) {
      event.preventDefault();
      relabel(summary.classes[KEYS.indexOf(event.key)].name);
    } else if (!control && !event.altKey && labelled && event.key === 'c') {
      event.preventDefault();
      choose();
    } else if (!control && event.key === 'r') {
      event.preventDefault();
      correct('restore', chosen());
    }
  };
  const take = useCallback(found => setDialog({ plan: planned(found) }), []);
  const target = summary.growable ? { path, classes: summary.classes.map(one => one.name) } : null;
  const describe = (position, one) =>
    one
      ? [one.label || t('data-view.image'), one.name, one.to && t('data-view.nowLabel', { label: one.to }), one.mark === 'remove' && t('data-view.isRemoved'), one.problems?.join(', ')].filter(Boolean).join(', ')
      : t('data-view.number', { n: number(position + 1) });
  const caption = one => (one.to ? html`<bdi>${one.label}</bdi> → <bdi class="to">${one.to}</bdi>` : html`<bdi>${one.label || one.name.split('/').pop()}</bdi>`);
  const images = Object.values(summary.parts).reduce((a, b) => a + b, 0);
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
    ${summary.notes.length > 0 && html`<details><summary>${t('data-view.notes', { n: summary.notes.length })}</summary><ul>${summary.notes.map(note => html`<li key=${note}><bdi>${note}</bdi></li>`)}</ul></details>`}
    <div class="data-view">
      <${Side} summary=${summary} chosen=${search.class} labelled=${labelled} images=${images} />
      <div>
        <${Tools} search=${search} summary=${summary} params=${params} total=${positions?.total} />
        <div class="data-tools chosen-bar">
          <span aria-live="polite">${selected.size > 0 ? t('data-view.selected', { n: selected.size }) : positions ? t('data.images', { n: positions.total }) : ''}</span>
          <button class="small secondary" disabled=${!positions?.total} onClick=${() => setLarge(chosen()[0] ?? cursor)} title="Enter">${t('data-view.open')}</button>
          <label class="several"><input type="checkbox" checked=${several} onChange=${event => setSeveral(event.target.checked)} />${t('data-view.several')}</label>
          ${writable && html`<button class="small secondary" disabled=${!positions?.total} onClick=${exclude} title="X">${t('data-view.exclude')}</button>
            ${labelled && html`<button class="small secondary" disabled=${!positions?.total} onClick=${choose} title="C">${t('data-view.relabel')}</button>`}
            <button class="small secondary" disabled=${!positions?.total} onClick=${() => correct('restore', chosen())} title="R">${t('data-view.restore')}</button>
            <button class="small secondary" disabled=${!corrections.undo} onClick=${() => step('undo')} title="Ctrl+Z">${t('data-view.undo')}</button>
            <button class="small secondary" disabled=${!corrections.redo} onClick=${() => step('redo')} title="Ctrl+Y">${t('data-view.redo')}</button>`}
          <span class="end soft">${corrections.removed + corrections.relabelled > 0 &&
            html`${t('data-view.state', { removed: corrections.removed, relabelled: corrections.relabelled })} ${writable && html`<button class="small plain" onClick=${() => setDialog({ list: true })}>${t('data-view.kept')}</button>`}`}</span>
        </div>
        ${error && html`<${Failure} error=${error} again=${refresh} />`}
        ${!positions && !error && html`<${Skeleton} lines=${4} height="6rem" />`}
        ${positions && positions.total === 0 && html`<p class="empty">${t('data-view.noneFound')} <button class="small secondary" onClick=${() => setParams({ part: null, class: null, query: null, changed: null, problems: null })}>${t('data-view.showAll')}</button></p>`}
        ${positions && positions.total > 0 && html`<${Sheet} path=${path} version=${summary.version} positions=${positions} size=${size} item=${item} cursor=${cursor}
          selected=${selected} label=${t('data-view.sheet')} onCursor=${to => { setCursor(to); setHere(true); }} onSelect=${setSelected} onRange=${read} onKey=${keyed} onOpen=${setLarge}
          describe=${describe} caption=${caption} several=${several} />`}
        <p class="soft keys">${t(labelled ? 'data-view.keysLabelled' : 'data-view.keys')}</p>
      </div>
    </div>
    <${DropAnywhere} onFiles=${take} enabled=${writable} />
    ${large !== null && positions && large < positions.total && html`<${Large} path=${path} summary=${summary} place=${positions.at(large)} one=${item(large)} position=${large} total=${positions.total}
      onMove=${to => { setLarge(to); setCursor(to); read(to, to + 1); }} onClose=${() => setLarge(null)} caption=${caption} />`}
    ${choosing && html`<${Relabel} classes=${summary.classes.map(one => one.name)} count=${choosing.length} onClose=${() => setChoosing(null)}
      onChoose=${label => { const which = choosing; setChoosing(null); correct('relabel', which, label); }} />`}
    ${dialog?.plan && html`<${SendDialog} plan=${dialog.plan} target=${target} onClose=${() => setDialog(null)} onDone=${done} />`}
    ${dialog?.webcam && html`<${WebcamDialog} target=${target} onClose=${() => setDialog(null)} onDone=${done} />`}
    ${dialog?.list && html`<${Kept} path=${path} targets=${summary.targets} corrections=${corrections} onClose=${() => setDialog(null)} />`}`;
}

function Side({ summary, chosen, labelled, images }) {
  const parts = PARTS.filter(part => part in summary.parts);
  const count = row => parts.reduce((sum, part) => sum + (row[part] ?? 0), 0);
  const most = Math.max(1, ...summary.classes.map(count));
  const counted = summary.classes.some(row => parts.some(part => row[part] !== undefined));
  return html`<section class="data-side" aria-labelledby="classes" tabindex=${counted ? undefined : 0}>
    <h2 id="classes">${t('data.images', { n: images })}${summary.classes.length > 0 && html`, ${t('data.classes', { n: summary.classes.length })}`}</h2>
    ${parts.length > 1 && html`<p class="legend">${parts.map(part => html`<span key=${part} class=${part}><i aria-hidden="true"></i>${t(`data-view.part_${part}`)} ${number(summary.parts[part])}</span>`)}</p>`}
    <ul class="class-list">${summary.classes.map((row, i) => html`<li key=${row.name}><button aria-pressed=${String(chosen === row.name)} disabled=${!counted}
        aria-label=${counted ? [row.name, ...parts.map(part => `${number(row[part] ?? 0)} ${t(`data-view.part_${part}`)}`)].join(', ') : undefined}
        aria-keyshortcuts=${labelled && i < KEYS.length ? KEYS[i] : undefined} title=${counted ? `${row.name}: ${parts.map(part => `${number(row[part] ?? 0)} ${t(`data-view.part_${part}`)}`).join(', ')}` : row.name} onClick=${() => setParams({ class: chosen === row.name ? null : row.name })}>
      ${labelled && i < KEYS.length ? html`<kbd aria-hidden="true">${KEYS[i]}</kbd>` : html`<span></span>`}
      <span class="name"><bdi>${row.name}</bdi></span><span class="count">${counted ? number(count(row)) : ''}</span>
      ${counted && html`<span class="bar" aria-hidden="true">${parts.map(part => html`<span key=${part} class=${part} style=${{ width: `${(100 * (row[part] ?? 0)) / most}%` }}></span>`)}</span>`}
    </button></li>`)}</ul>
  </section>`;
}

function Tools({ search, summary, params }) {
  const [query, setQuery] = useState(search.query ?? '');
  const timer = useRef(0);
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
    ${box('changed')}${(summary.problems > 0 || search.problems) && box('problems')}
    <select class="end" aria-label=${t('data-view.size')} value=${params.get('size') ?? 'medium'} onChange=${event => setParams({ size: event.target.value === 'medium' ? null : event.target.value })}>
      ${Object.keys(SIZES).map(name => html`<option key=${name} value=${name}>${t(`data-view.size_${name}`)}</option>`)}</select>
  </div>`;
}

function Large({ path, summary, place, one, position, total, onMove, onClose, caption }) {
  const [natural, setNatural] = useState(null);
  const [Annotated, setAnnotated] = useState(null);
  const places = ['objects', 'pixels'].includes(summary.targets);
  useEffect(() => {
    if (places) import('/parts/annotated-image.js').then(part => setAnnotated(() => part.AnnotatedImage), () => {});
  }, [places]);
  const keyed = event => {
    const step = { ArrowRight: 1, ArrowLeft: -1 }[event.key];
    if (!step || position + step < 0 || position + step >= total) return;
    event.preventDefault();
    onMove(position + step);
  };
  return html`<${Dialog} title=${one?.name ?? t('data-view.number', { n: number(position + 1) })} onClose=${onClose} wide>
    <div onKeyDown=${keyed}>
      ${Annotated ? html`<${Annotated} key=${place.part + place.index} path=${path} ...${place} editable=${false} />` : html`<div class="large-image"><img class=${natural && natural <= 96 ? 'small' : ''} alt=${one?.name ?? ''} src=${imageUrl('/api/image', { path, ...place, size: 1280, v: summary.version })}
        onLoad=${event => setNatural(Math.max(event.target.naturalWidth, event.target.naturalHeight))} /></div>`}
      <p>${one && caption(one)} <span class="soft">· ${t(`data-view.part_${place.part}`)}${one?.mark === 'remove' && html` · ${t('data-view.isRemoved')}`}</span></p>
      ${one?.problems && html`<p class="notice">${one.problems.join(', ')}</p>`}
      <footer>
        ${['objects', 'pixels'].includes(summary.targets) && html`<a role="button" class="secondary" href=${link('/data/edit', { path, part: place.part, image: place.index })}>${t('data-view.edit')}</a>`}
        <button class="secondary" disabled=${position === 0} onClick=${() => onMove(position - 1)}>${t('data-view.before')}</button>
        <button class="secondary" disabled=${position + 1 === total} onClick=${() => onMove(position + 1)} autofocus>${t('data-view.next')}</button>
      </footer>
    </div>
  <//>`;
}

function Relabel({ classes, count, onChoose, onClose }) {
  const [text, setText] = useState('');
  const found = useMemo(() => classes.filter(name => name.toLowerCase().includes(text.trim().toLowerCase())), [classes, text]);
  return html`<${Dialog} title=${t('data-view.relabelTitle', { n: count })} onClose=${onClose}>
    <form onSubmit=${event => { event.preventDefault(); if (found.length) onChoose(found[0]); }}>
      <div class="field"><label for="relabel-class">${t('data.class')}</label>
        <input id="relabel-class" autofocus dir="auto" value=${text} onInput=${event => setText(event.target.value)} autocomplete="off" /></div>
      <div class="row">${found.slice(0, 60).map((name, i) => html`<button key=${name} type="button" class=${i === 0 && text ? 'small' : 'small secondary'} onClick=${() => onChoose(name)}><bdi>${name}</bdi></button>`)}
        ${found.length === 0 && html`<p class="soft">${t('data-view.noClass')}</p>`}</div>
    </form>
  <//>`;
}

const MODELS = { objects: 'fovea-det', pixels: 'unet' };

/** As a shell takes it. */
const quoted = text => (/^[\w.\/-]+$/.test(text) ? text : `'${text.replaceAll("'", "'\\''")}'`);

function Kept({ path, targets, corrections, onClose }) {
  const [name, setName] = useState(`${path.replace(/[/.]/g, '-')}-clean.csv`);
  const save = async () => {
    try {
      const made = await job('/api/data/clean', { path, name });
      toast(t('data-view.saved', { n: made.images, list: made.path }));
      onClose();
    } catch (failed) {
      toastError(failed);
    }
  };
  return html`<${Dialog} title=${t('data-view.keptTitle')} onClose=${onClose}>
    <p>${t('data-view.keptAbout')} <code><bdi>${corrections.list}</bdi></code></p>
    <p class="soft">${t('data-view.keptCommand')}</p>
    <pre><code>${`fovea train ${MODELS[targets] ?? 'resnet18'} --data ${quoted(path)} --corrections ${quoted(corrections.list)}`}</code></pre>
    <div class="field"><label for="list-name">${t('data-view.saveAs')}</label><input id="list-name" value=${name} onInput=${event => setName(event.target.value)} /><small>${t('data-view.saveAsAbout')}</small></div>
    <footer><button class="secondary" onClick=${onClose}>${t('frame.close')}</button><button onClick=${save}>${t('data-view.save')}</button></footer>
  <//>`;
}
