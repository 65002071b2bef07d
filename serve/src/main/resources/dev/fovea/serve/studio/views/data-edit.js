// Draws and corrects boxes and polygons over an image; what is changed is kept in a list beside the data.
import { html, useEffect, useLayoutEffect, useRef, useState } from '/lib/preact.js';
import { get, imageUrl, post, workspace } from '/base/api.js';
import { load, number, percent, t } from '/base/i18n.js';
import { beforeLeaving, go, link } from '/base/router.js';
import { useLoaded, useStore } from '/base/store.js';
import { confirm } from '/parts/dialog.js';
import { job } from '/parts/job.js';
import { Failure, Skeleton, sentence } from '/parts/states.js';
import { ShapeStage } from '/parts/shape-stage.js';
import { toastError } from '/parts/toast.js';
import { colour, inkOn, overlap } from '/parts/shapes.js';

const MOST_UNDO = 200;

/** How long an image is looked at before a model is asked, in milliseconds. */
const BEFORE_ASKING = 200;

/** Overlap from which a proposal is what is there already. */
const SAME = 0.6;

export default function DataEdit({ params }) {
  const path = params.get('path') ?? '';
  const part = params.get('part') || 'train';
  const index = Number(params.get('index') || params.get('image') || 0);
  const { value, error, again } = useLoaded(async () => {
    await load('parts-shapes');
    return get('/api/annotations', { path, part, index });
  }, [path, part, index]);
  const last = useRef({});
  if (value) last.current = { path, value };
  const shown = last.current.path === path && !error ? last.current.value : null; // the image before stands until the next is there
  return html`
    <h1>${t(shown?.pixels ? 'data-edit.titleMasks' : 'data-edit.title')} <bdi>${shown?.path ?? path}</bdi></h1>
    ${error && html`<${Failure} error=${error} again=${again} /><p><a href="/data">${t('data-edit.back')}</a></p>`}
    ${!error && !shown && html`<${Skeleton} lines=${1} height="26rem" />`}
    ${shown && html`<div inert=${!value}><${Editor} key=${`${shown.part} ${shown.index}`} loaded=${shown} left=${!value} run=${params.get('run') ?? ''} /></div>`}`;
}

/** Where the focus is in the editor of an image, to be there again in that of the next. */
let place = null;

function keepPlace() {
  const active = document.activeElement;
  place = active?.matches('.stage-view') ? '.stage-view' : active?.id ? `#${active.id}` : null;
}

function takePlace() {
  if (place) document.querySelector(place)?.focus();
  place = null;
}

/** What a page of the editor does, one image long; `left` for the next, nothing is done to it any more. */
function Editor({ loaded, left, run }) {
  const writable = useStore(workspace)?.writable !== false;
  const [data, setData] = useState(loaded);
  const [state, setState] = useState({ objects: loaded.objects, past: [], future: [] });
  const [classes, setClasses] = useState(loaded.classes);
  const [selected, setSelected] = useState(-1);
  const [label, setLabel] = useState(remembered(loaded));
  const [tool, setTool] = useState(loaded.objects.length > 0 ? 'select' : 'box');
  const [saving, setSaving] = useState(false);
  const [version, setVersion] = useState(0);
  const [proposed, setProposed] = useState(null); // until a model has answered
  const [confidence, setConfidence] = useState(0.5);
  const [maskOpacity, setMaskOpacity] = useState(0.5);
  const latest = useRef(null);
  const kept = useRef(loaded);
  const saved = useRef(Promise.resolve());
  const { objects } = state;
  const dirty = objects !== data.objects || classes.length !== data.classes.length;
  latest.current = { objects, classes, dirty };

  const set = (next, choose) => {
    setState(was => ({ objects: next, past: [...was.past.slice(-MOST_UNDO), was.objects], future: [] }));
    if (choose !== undefined) setSelected(choose);
  };
  const replace = (at, object) => set(objects.map((one, i) => (i === at ? object : one)));
  const add = object => set([...objects, object], objects.length);
  const remove = at => set(objects.filter((_, i) => i !== at), -1);
  const undo = () => {
    if (state.past.length === 0) return;
    setState({ objects: state.past.at(-1), past: state.past.slice(0, -1), future: [objects, ...state.future] });
    setSelected(-1);
  };
  const redo = () => {
    if (state.future.length === 0) return;
    setState({ objects: state.future[0], past: [...state.past, objects], future: state.future.slice(1) });
    setSelected(-1);
  };
  const choose = next => {
    setLabel(next);
    classLabels.set(loaded.path, next);
    if (objects[selected] && objects[selected].label !== next) replace(selected, { ...objects[selected], label: next });
  };
  const addClass = name => {
    const there = classes.indexOf(name);
    if (there < 0) setClasses([...classes, name]);
    choose(there < 0 ? classes.length : there);
  };

  /** Keeps all that is drawn: one after the other, as each needs the version that the one before it gave. */
  function save() {
    saved.current = saved.current.catch(() => {}).then(keep);
    return saved.current;
  }

  async function keep() {
    const { objects: sent, classes: named } = latest.current;
    const was = kept.current;
    if (sent === was.objects && named.length === was.classes.length) return;
    setSaving(true);
    try {
      const after = await post('/api/annotations/save', { path: was.path, part: was.part, index: was.index, version: was.version, objects: sent, classes: named });
      kept.current = { ...after, objects: sent };
      setData(kept.current);
      setClasses(after.classes);
      setVersion(count => count + 1);
    } finally {
      setSaving(false);
    }
  }

  /** Whether nothing is lost when this image is left, or the reader wants that. */
  async function leave() {
    try {
      await save();
      return true;
    } catch (failed) {
      return confirm(t('data-edit.leaveSure', { why: sentence(failed) }), { yes: t('data-edit.leave') });
    }
  }

  async function reset() {
    if (!(await confirm(t('data-edit.resetSure'), { yes: t('data-edit.reset') }))) return;
    try {
      const after = await (saved.current = saved.current.catch(() => {}).then(() =>
        post('/api/annotations/reset', { path: data.path, part: data.part, index: data.index, version: kept.current.version })));
      kept.current = after;
      setData(after);
      setState({ objects: after.objects, past: [...state.past, objects], future: [] });
      setVersion(was => was + 1);
      setSelected(-1);
    } catch (failed) {
      toastError(failed);
    }
  }

  function step(by) {
    const all = Object.keys(data.parts);
    let [p, i] = [data.part, data.index + by];
    if (i < 0 || i >= data.parts[p]) {
      const next = all[all.indexOf(p) + by];
      if (!next) return;
      [p, i] = [next, by > 0 ? 0 : data.parts[next] - 1];
    }
    open(p, i);
  }

  const open = (p, i) => {
    keepPlace();
    go(link('/data/edit', { path: data.path, part: p, index: i, run }));
  };

  useLayoutEffect(takePlace, []);
  useEffect(() => beforeLeaving(leave), []);
  useEffect(() => {
    const ask = event => latest.current.dirty && event.preventDefault();
    window.addEventListener('beforeunload', ask);
    return () => window.removeEventListener('beforeunload', ask);
  }, []);

  useEffect(() => {
    const key = event => {
      if (left) return;
      const field = event.target.closest?.('input:not([type=checkbox]):not([type=range]), select, textarea, dialog');
      const control = event.ctrlKey || event.metaKey;
      if (control && event.key.toLowerCase() === 's') save().catch(toastError);
      else if (field || (event.target !== document.body && !event.target.closest?.('.editor'))) return;
      else if (control && event.key.toLowerCase() === 'z') (event.shiftKey ? redo : undo)();
      else if (control && event.key.toLowerCase() === 'y') redo();
      else if (control || event.altKey) return;
      else if (/^[1-9]$/.test(event.key) && Number(event.key) <= classes.length) choose(Number(event.key) - 1);
      else if ((event.key === 'Delete' || event.key === 'Backspace') && objects[selected]) remove(selected);
      else if (event.key === 'Escape') setSelected(-1);
      else if (event.key === 'PageDown' || event.key === 'n') step(1);
      else if (event.key === 'PageUp' || event.key === 'p') step(-1);
      else if (event.key === 'v') setTool('select');
      else if (event.key === 'b') setTool('box');
      else if (event.key === 'g') setTool('polygon');
      else if (event.key === 'a' && candidates.length > 0) accept(candidates);
      else return;
      event.preventDefault();
    };
    window.addEventListener('keydown', key);
    return () => window.removeEventListener('keydown', key);
  });

  const sure = (proposed ?? []).filter(one => (one.score ?? 1) >= confidence);
  const candidates = sure.filter(one => !objects.some(object => classes[object.label] === one.name && overlap(object.box, one.box) > SAME));
  function accept(some) {
    const named = [...classes];
    const taken = some.map(one => {
      if (!named.includes(one.name)) named.push(one.name);
      return { label: named.indexOf(one.name), box: one.box, polygons: one.polygons, ignore: false, origin: -1 };
    });
    if (named.length > classes.length) setClasses(named);
    set([...objects, ...taken], some.length === 1 ? objects.length : -1);
  }

  const image = { url: imageUrl('/api/image', { path: data.path, part: data.part, index: data.index, size: 2048 }), width: data.width, height: data.height };
  const mask = data.pixels ? imageUrl('/api/image/mask', { path: data.path, part: data.part, index: data.index, v: version }) : null;
  const edit = writable ? { tool, label, onAdd: add, onChange: replace, onSelect: setSelected } : null;
  return html`<div class="editor">
    <div class="editor-bar row spread">
      <${Position} data=${data} onStep=${step} onOpen=${open} />
      <${Tools} tool=${tool} onTool=${setTool} state=${state} onUndo=${undo} onRedo=${redo} writable=${writable} />
      <div class="row">
        <button class="small secondary" onClick=${reset} disabled=${!writable || !data.corrected}>${t('data-edit.reset')}</button>
        <button class="small" id="save" onClick=${() => save().catch(toastError)} disabled=${!dirty || saving || !writable}>${t('data-edit.save')}</button>
      </div>
    </div>
    <p class="editor-state soft" aria-live="polite">${saving ? t('data-edit.saving') : dirty ? t('data-edit.unsaved') : data.corrected ? t('data-edit.saved', { file: data.file }) : ''}</p>
    <div class="editor-main">
      <${ShapeStage} image=${image} objects=${objects} classes=${classes} selected=${selected} edit=${edit} mask=${mask} maskOpacity=${maskOpacity}
        proposals=${candidates} onAccept=${at => accept([candidates[at]])}
        label=${t('data-edit.stage', { name: data.name, n: objects.length })}>
        ${mask && html`<label class="opacity" for="opacity">${t('data-edit.opacity')} <input id="opacity" type="range" min="0" max="1" step="0.05" value=${maskOpacity}
          onInput=${event => setMaskOpacity(Number(event.target.value))} /></label>`}
        <span class="soft hint">${t(`data-edit.hint_${tool}`)}</span>
      <//>
      <aside class="editor-side" aria-label=${t('data-edit.side')}>
        <${Classes} classes=${classes} objects=${objects} label=${label} onChoose=${choose} onAdd=${addClass} writable=${writable} />
        <${Objects} objects=${objects} classes=${classes} selected=${selected} onSelect=${setSelected} onReplace=${replace} onRemove=${remove}
          pixels=${data.pixels} writable=${writable} />
        ${writable && html`<${Proposals} data=${data} run=${run} open=${candidates} sure=${sure} all=${proposed} confidence=${confidence} onConfidence=${setConfidence}
          onProposed=${setProposed} onAccept=${accept} classes=${classes} />`}
        <${Kept} data=${data} />
        <details><summary>${t('data-edit.keys')}</summary><p class="soft keys">${t('data-edit.keysAbout')}</p></details>
      </aside>
    </div>
  </div>`;
}

/** The class drawn last, from image to image. */
const classLabels = new Map();
function remembered(data) {
  const known = classLabels.get(data.path) ?? 0;
  return known < data.classes.length ? known : 0;
}

function Position({ data, onStep, onOpen }) {
  const parts = Object.keys(data.parts);
  return html`<div class="row position">
    <button class="small secondary" id="previous" aria-label=${t('data-edit.previous')} title=${t('data-edit.previous')} onClick=${() => onStep(-1)}
      disabled=${data.index === 0 && data.part === parts[0]}>←</button>
    <label class="sr-only" for="position">${t('data-edit.number')}</label>
    <input id="position" type="number" min="1" max=${data.parts[data.part]} value=${data.index + 1}
      onChange=${event => {
        const to = Math.min(data.parts[data.part], Math.max(1, Math.round(Number(event.target.value)) || 1));
        onOpen(data.part, to - 1);
      }} />
    <span class="soft">${t('data-edit.of', { n: data.parts[data.part] })}</span>
    ${parts.length > 1 && html`<label class="sr-only" for="part">${t('data-edit.part')}</label>
      <select id="part" value=${data.part} onChange=${event => onOpen(event.target.value, 0)}>
        ${parts.map(part => html`<option key=${part} value=${part} selected=${part === data.part}>${t(`data-edit.part_${part}`)}</option>`)}
      </select>`}
    <button class="small secondary" id="next" aria-label=${t('data-edit.next')} title=${t('data-edit.next')} onClick=${() => onStep(1)}
      disabled=${data.index === data.parts[data.part] - 1 && data.part === parts.at(-1)}>→</button>
    <span class="soft name"><bdi>${data.name}</bdi></span>
  </div>`;
}

function Tools({ tool, onTool, state, onUndo, onRedo, writable }) {
  if (!writable) return null;
  return html`<div class="row">
    <div class="segments" role="group" aria-label=${t('data-edit.tools')}>
      ${['select', 'box', 'polygon'].map(one => html`<button key=${one} type="button" class="small secondary" id=${'tool-' + one}
        aria-pressed=${String(one === tool)} onClick=${() => onTool(one)}>${t(`data-edit.tool_${one}`)}</button>`)}
    </div>
    <button class="small secondary" aria-label=${t('data-edit.undo')} title=${t('data-edit.undo')} onClick=${onUndo} disabled=${state.past.length === 0}>↶</button>
    <button class="small secondary" aria-label=${t('data-edit.redo')} title=${t('data-edit.redo')} onClick=${onRedo} disabled=${state.future.length === 0}>↷</button>
  </div>`;
}

function Classes({ classes, objects, label, onChoose, onAdd, writable }) {
  const [name, setName] = useState('');
  const [query, setQuery] = useState('');
  const shown = classes.map((title, at) => ({ title, at })).filter(one => one.title.toLowerCase().includes(query.toLowerCase()));
  return html`<section>
    <h2>${t('data-edit.classes')}</h2>
    ${classes.length > 15 && html`<label class="sr-only" for="classquery">${t('data-edit.classQuery')}</label>
      <input id="classquery" type="search" placeholder=${t('data-edit.classQuery')} value=${query} onInput=${event => setQuery(event.target.value)} />`}
    <ul class="classes">${shown.map(({ title, at }) => html`<li key=${at}>
      <button type="button" class="plain" aria-pressed=${String(at === label)} onClick=${() => onChoose(at)} disabled=${!writable}>
        <span class="swatch" style=${{ background: colour(at), color: inkOn(at) }} aria-hidden="true">${at < 9 ? at + 1 : ''}</span>
        <bdi>${title}</bdi> <span class="soft">${objects.filter(object => object.label === at).length || ''}</span>
      </button></li>`)}</ul>
    ${writable && html`<form class="row" onSubmit=${event => {
      event.preventDefault();
      if (name.trim()) onAdd(name.trim());
      setName('');
    }}>
      <label class="sr-only" for="newclass">${t('data-edit.newClass')}</label>
      <input id="newclass" maxlength="200" placeholder=${t('data-edit.newClass')} value=${name} onInput=${event => setName(event.target.value)} />
      <button class="small secondary" disabled=${!name.trim()}>${t('data-edit.add')}</button>
    </form>`}
  </section>`;
}

function Objects({ objects, classes, selected, onSelect, onReplace, onRemove, pixels, writable }) {
  const chosen = objects[selected];
  const list = useRef(null);
  useEffect(() => { // one that is chosen in the image is shown in the list, which scrolls by itself
    const [own, item] = [list.current, list.current?.children[selected]];
    if (!item) return;
    if (item.offsetTop < own.scrollTop) own.scrollTop = item.offsetTop;
    else own.scrollTop = Math.max(own.scrollTop, item.offsetTop + item.offsetHeight - own.clientHeight);
  }, [selected, objects.length]);
  return html`<section>
    <h2>${t(pixels ? 'data-edit.painted' : 'data-edit.objects', { n: objects.length })}</h2>
    ${pixels && html`<p class="soft">${t('data-edit.paintedAbout')}</p>`}
    <ul class="objects" ref=${list}>${objects.map((object, at) => html`<li key=${at} class=${at === selected ? 'on' : ''}>
      <button type="button" class="plain" aria-pressed=${String(at === selected)} onClick=${() => onSelect(at === selected ? -1 : at)}>
        <span class="swatch" style=${{ background: colour(object.label) }} aria-hidden="true"></span>
        <bdi>${classes[object.label]}</bdi> <span class="soft">${where(object)}</span>
      </button>
      ${writable && html`<button type="button" class="plain" aria-label=${t('data-edit.remove', { name: classes[object.label] })} onClick=${() => onRemove(at)}>×</button>`}
    </li>`)}</ul>
    ${chosen && writable && html`<label><input type="checkbox" id="ignore" checked=${chosen.ignore}
      onChange=${event => onReplace(selected, { ...chosen, ignore: event.target.checked })} /> ${t(pixels ? 'data-edit.ignorePixels' : 'data-edit.ignore')}</label>`}
  </section>`;
}

const where = object => object.box.slice(0, 2).map(value => Math.round(value)).join(', ')
  + ' · ' + Math.round(object.box[2] - object.box[0]) + '×' + Math.round(object.box[3] - object.box[1]);

/** What a model sees in the image: asked anew for each image, for as long as a model is chosen. */
function Proposals({ data, run, open, sure, all, confidence, onConfidence, onProposed, onAccept }) {
  const { value, error } = useLoaded(() => get('/api/annotations/models'), []);
  const [busy, setBusy] = useState(run !== '');
  const [failed, setFailed] = useState(null);
  useEffect(() => {
    let wanted = true;
    onProposed(null);
    setFailed(null);
    if (!run) return undefined;
    setBusy(true);
    const left = new AbortController();
    const ask = () => job('/api/annotations/propose', { path: data.path, part: data.part, index: data.index, run }, { signal: left.signal });
    const pause = new Promise(done => {
      setTimeout(done, BEFORE_ASKING);
    });
    pause.then(() => (wanted ? ask() : Promise.reject(new DOMException('', 'AbortError')))).then(
      found => wanted && onProposed(found.objects.map(one => ({
        ...one,
        name: one.label,
        label: Math.max(0, data.classes.indexOf(one.label)),
        text: one.score === undefined ? one.label : `${one.label} ${percent(one.score, 0)}`,
        ignore: false,
      }))),
      problem => wanted && problem.name !== 'AbortError' && setFailed(problem),
    ).finally(() => wanted && setBusy(false));
    // Images are paged through faster than a model looks at them.
    return () => {
      wanted = false;
      left.abort();
    };
  }, [run]);
  const models = value?.models ?? [];
  const scored = models.some(one => one.run === run && one.scored);
  return html`<section>
    <h2>${t('data-edit.proposals')}</h2>
    ${error && html`<${Failure} error=${error} />`}
    ${value && models.length === 0 && html`<p class="soft">${t('data-edit.noModels')} <a href=${link('/train', { path: data.path })}>${t('data-edit.trainOne')}</a></p>`}
    ${models.length > 0 && html`<label for="model">${t('data-edit.model')}</label>
      <select id="model" value=${run} onChange=${event => go(link('/data/edit', { path: data.path, part: data.part, index: data.index, run: event.target.value }), { replace: true })}>
        <option value="" selected=${!run}>${t('data-edit.noModel')}</option>
        ${models.map(one => html`<option key=${one.run} value=${one.run} selected=${one.run === run}>${one.run}</option>`)}
      </select>`}
    ${failed && html`<${Failure} error=${failed} />`}
    ${run && html`
      ${scored && html`<label for="confidence">${t('data-edit.confidence', { value: percent(confidence, 0) })}</label>
        <input id="confidence" type="range" min="0.05" max="0.95" step="0.05" value=${confidence} onInput=${event => onConfidence(Number(event.target.value))} />`}
      <p aria-live="polite">${busy ? t('data-edit.asking') : all && outcome(open, sure, all)}</p>
      <div class="row">
        <button class="small" id="accept" onClick=${() => onAccept(open)} disabled=${open.length === 0}>${t('data-edit.acceptAll')}</button>
      </div>
      <ul class="objects">${open.slice(0, 100).map((one, at) => html`<li key=${at}>
        <button type="button" class="plain" onClick=${() => onAccept([one])} title=${t('data-edit.accept')}>
          <span class="swatch dashed" style=${{ borderColor: colour(one.label) }} aria-hidden="true"></span>
          <span class="sr-only">${t('data-edit.accept')} </span><bdi>${one.name}</bdi>
          <span class="soft">${one.score === undefined ? '' : number(one.score, 2)} ${where(one)}</span></button></li>`)}</ul>`}
  </section>`;
}

/** How many proposals are `open`; where none is, why: nothing was found, nothing so sure, or all that is sure enough is there. */
function outcome(open, sure, all) {
  if (all.length === 0) return t('data-edit.proposedNothing');
  if (sure.length === 0) return t('data-edit.proposedUnsure', { n: all.length, value: percent(Math.max(...all.map(one => one.score)), 0) });
  return open.length === 0 ? t('data-edit.proposedThere', { n: sure.length }) : t('data-edit.proposed', { n: open.length });
}

/** Where corrections are, and what they are good for. */
function Kept({ data }) {
  return html`<section>
    <h2>${t('data-edit.kept')}</h2>
    ${data.correctedImages === 0
      ? html`<p class="soft">${t('data-edit.keptNone')} <code><bdi>${data.file}</bdi></code></p>`
      : html`<p>${t('data-edit.keptSome', { n: data.correctedImages })} <code><bdi>${data.file}</bdi></code></p>
        <p><a id="train" href=${link('/train', { path: data.file })}>${t('data-edit.train')}</a></p>
        <p class="soft"><code>fovea train MODEL --data <bdi>${data.file}</bdi></code></p>`}
  </section>`;
}
