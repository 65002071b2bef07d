// One image of a data set, large, with its way to the ones before and behind it.
import { html, useEffect, useMemo, useRef, useState } from '/lib/preact.js';
import { get, imageUrl } from '/base/api.js';
import { number, t } from '/base/i18n.js';
import { link } from '/base/router.js';
import { useLoaded } from '/base/store.js';
import { measureName, measureText } from '/parts/data-filters.js';
import { Dialog } from '/parts/dialog.js';
import { problemNames } from '/parts/problem-names.js';

/** A finger that goes so many pixels to a side means the next image. */
const SWIPE = 60;

/** `at` says where an image of the search is. Arrow keys, buttons and a finger move; `onKey` sees the other keys, `actions` stand beside the buttons that move. */
export function Large({ path, summary, at, one, position, total, onMove, onClose, onKey, caption, actions }) {
  const place = at(position);
  const [natural, setNatural] = useState(null);
  const [Annotated, setAnnotated] = useState(null);
  const places = ['objects', 'pixels'].includes(summary.targets);
  useEffect(() => {
    if (places) import('/parts/annotated-image.js').then(part => setAnnotated(() => part.AnnotatedImage), () => {});
  }, [places]);
  const move = to => to >= 0 && to < total && to !== position && onMove(to);
  const keyed = useRef(null);
  keyed.current = event => {
    if (event.target.closest?.('input, select, textarea') || document.querySelectorAll('dialog[open]').length > 1) return;
    const own = event.ctrlKey || event.metaKey || event.altKey; // the browser's, or Ctrl+Z
    const to = own ? undefined : { ArrowRight: position + 1, ArrowLeft: position - 1, Home: 0, End: total - 1 }[event.key];
    if (to === undefined) onKey(event);
    else {
      event.preventDefault();
      move(to);
    }
  };
  useEffect(() => { // a button that has just been the last one's has lost the focus
    const listener = event => keyed.current(event);
    window.addEventListener('keydown', listener);
    return () => window.removeEventListener('keydown', listener);
  }, []);
  const from = useRef(null);
  const down = event => { from.current = event.touches.length === 1 && !places ? event.touches[0].clientX : null; };
  const up = event => {
    const way = from.current === null ? 0 : event.changedTouches[0].clientX - from.current;
    from.current = null;
    if (Math.abs(way) > SWIPE) move(position - Math.sign(way));
  };
  useEffect(() => { // it is there when it is asked for
    for (const near of [position + 1, position - 1]) {
      if (!places && near >= 0 && near < total) new Image().src = source(path, at(near), summary.version);
    }
  }, [position]);
  return html`<${Dialog} title=${one?.name ?? t('data-view.number', { n: number(position + 1) })} onClose=${onClose} wide>
    <div onTouchStart=${down} onTouchEnd=${up}>
      ${Annotated ? html`<${Annotated} key=${place.part + place.index} path=${path} ...${place} editable=${false} />` : html`<div class="large-image"><img class=${natural && natural <= 96 ? 'small' : ''} alt=${one?.name ?? ''} src=${source(path, place, summary.version)}
        onLoad=${event => setNatural(Math.max(event.target.naturalWidth, event.target.naturalHeight))} /></div>`}
      <p>${one && !one.values && html`${caption(one)} · `}<span class="soft">${t(`data-view.part_${place.part}`)}${one?.mark === 'remove' && html` · ${t('data-view.isRemoved')}`}</span></p>
      ${one?.problems && html`<p class="notice">${problemNames(one.problems)}</p>`}
      <${Facts} path=${path} place=${place} version=${summary.version} />
      <footer class="large-foot">
        ${places && html`<a role="button" class="secondary" href=${link('/data/edit', { path, part: place.part, image: place.index })}>${t('data-view.edit')}</a>`}
        ${actions}
        <span class="moves"><span class="soft" aria-live="polite">${t('data-view.place', { n: number(position + 1), of: number(total) })}</span>
          <button class="secondary" disabled=${position === 0} onClick=${() => move(position - 1)} title="←">${t('data-view.before')}</button>
          <button class="secondary" disabled=${position + 1 === total} onClick=${() => move(position + 1)} title="→" autofocus>${t('data-view.next')}</button></span>
      </footer>
    </div>
  <//>`;
}

const source = (path, place, version) => imageUrl('/api/image', { path, ...place, size: 1280, v: version });

/** What else is known of it: by a list, and by having been measured. */
function Facts({ path, place, version }) {
  const { value } = useLoaded(() => get('/api/data/known', { path, part: place.part, index: place.index }), [path, place.part, place.index, version]);
  if (!value || value.table.length + value.measured.length === 0) return null;
  return html`<dl class="facts">${value.table.map(one => html`<div key=${one.name}><dt><bdi>${one.name}</bdi></dt><dd><bdi>${one.value === null ? '–' : typeof one.value === 'number' ? number(one.value) : one.value}</bdi></dd></div>`)}
    ${value.measured.map(one => html`<div key=${`m-${one.name}`}><dt>${measureName(one.name)}</dt><dd>${measureText(one.name, one.value)}</dd></div>`)}</dl>`;
}

export function Relabel({ classes, count, onChoose, onClose }) {
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
