// Images of a run as its model treats them, page by page.
import { html, useEffect, useState } from '/lib/preact.js';
import { post } from '/base/api.js';
import { load, number, t } from '/base/i18n.js';
import { setParams, useAddress } from '/base/router.js';
import { follow, stop } from '/parts/job.js';
import { Outcome } from '/parts/outcome.js';
import { Failure, Skeleton } from '/parts/states.js';

await load('parts-images');

const PAGE = 12;

/** The result of a job: {value, error, again}; the job begins anew when a key changes. */
export function useJob(path, body, keys) {
  const [state, setState] = useState({});
  const [round, setRound] = useState(0);
  useEffect(() => {
    let wanted = true;
    let id = null;
    setState({});
    post(path, body)
      .then(begun => {
        id = begun.job;
        if (!wanted) stop(id);
        return follow(id);
      })
      .then(
        value => wanted && setState({ value }),
        error => wanted && setState({ error }),
      )
      .finally(() => {
        id = null;
      });
    return () => {
      wanted = false;
      if (id !== null) stop(id); // what nobody looks at holds up what comes next
    };
  }, [...keys, round]);
  return { ...state, again: () => setRound(was => was + 1) };
}

/** The shape of an image behind a data address is not known before it is loaded: all are shown as squares until then. */
function Item({ item, adjust, caption }) {
  const [shape, setShape] = useState({ width: 160, height: 160 });
  const first = item.images.input ?? item.image;
  useEffect(() => {
    if (!first) return;
    const image = new Image();
    image.onload = () => setShape({ width: image.naturalWidth, height: image.naturalHeight });
    image.src = first;
  }, [first]);
  return html`<li class="card"><small title=${item.name}><bdi>${item.name}</bdi> ${item.label && html`· <bdi>${item.label}</bdi>`}</small>
    ${!item.images.input && !item.values.objects && !item.images.classes && html`<img class="pixelated" src=${item.image} alt=${item.name} width="120" height="120" />`}
    ${caption && html`<p>${caption(item)}</p>`}
    <${Outcome} outcome=${{ ...item, ...shape, values: adjust(item.values) }} source=${first} saved=${false} /></li>`;
}

export function Items({ items, adjust = values => values, caption }) {
  return html`<ul class="sheet">${items.map(item => html`<${Item} key=${item.index} item=${item} adjust=${adjust} caption=${caption} />`)}</ul>`;
}

/** `indices` shows these and has no pages; `adjust` changes the values that are shown, `caption` says more of an item. */
export function Examples({ run, part = 'validation', indices = null, adjust, caption }) {
  const { params } = useAddress();
  const from = Math.max(0, Math.floor(Number(params.get('from') ?? 0)) || 0);
  const setFrom = next => setParams({ from: next || null });
  const { value, error, again } = useJob('/api/examples', indices ? { run, part, indices } : { run, part, from, count: PAGE }, [run, part, from, String(indices)]);
  if (error) return error.name === 'AbortError' ? html`<p><button class="secondary" onClick=${again}>${t('frame.again')}</button></p>` : html`<${Failure} error=${error} again=${again} />`;
  return html`
    ${!value && html`<${Skeleton} lines=${6} height="4rem" />`}
    ${value && html`<${Items} items=${value.items} adjust=${adjust} caption=${caption} />`}
    ${!indices && html`<div class="row">
      <button class="secondary small" disabled=${from === 0} onClick=${() => setFrom(Math.max(0, from - PAGE))}>${t('parts-images.back')}</button>
      <span class="soft">${value ? t('parts-images.range', { from: number(from + 1), to: number(Math.min(value.total, from + PAGE)), of: number(value.total) }) : ''}</span>
      <button class="secondary small" disabled=${!value || from + PAGE >= value.total} onClick=${() => setFrom(from + PAGE)}>${t('parts-images.more')}</button>
    </div>`}`;
}

/** The metrics of the run's model, measured when it was made. */
export function Metrics({ metrics }) {
  if (!metrics) return html`<dl class="figures waiting"></dl>`; // nothing moves down when they come
  const all = Object.entries(metrics);
  if (all.length === 0) return null;
  return html`<dl class="figures">${all.map(([name, value]) => html`<div key=${name}><dt>${name}</dt><dd>${number(value, 4)}</dd></div>`)}</dl>`;
}
