// Images as a model treats them, page by page.
import { html, useEffect, useState } from '/lib/preact.js';
import { load, number, t } from '/base/i18n.js';
import { setParams, useAddress } from '/base/router.js';
import { job } from '/parts/job.js';
import { Outcome } from '/parts/outcome.js';
import { Failure, Skeleton } from '/parts/states.js';
import { shortName, useLatest } from '/parts/study.js';

await load('parts-images');

const PAGE = 12;

/** The result of a job: {value, error, again}; the job begins anew when a key changes, once it is `ready`. */
export function useJob(path, body, keys, ready = true) {
  const [state, setState] = useState({});
  const [round, setRound] = useState(0);
  useEffect(() => {
    setState({});
    if (!ready) return undefined;
    const left = new AbortController();
    job(path, body, { signal: left.signal }).then(
      value => !left.signal.aborted && setState({ value }),
      error => !left.signal.aborted && setState({ error }),
    );
    return () => left.abort(); // what nobody looks at holds up what comes next
  }, [...keys, ready, round]);
  return { ...state, again: () => setRound(was => was + 1) };
}

/** The shape of an image behind a data address is not known before it is loaded: that of the image itself stands until then. */
function Item({ item, adjust, caption }) {
  const [shape, setShape] = useState({ width: item.width || 160, height: item.height || 160 });
  const first = item.images.input;
  useEffect(() => {
    if (!first) return;
    const image = new Image();
    image.onload = () => setShape({ width: image.naturalWidth, height: image.naturalHeight });
    image.src = first;
  }, [first]);
  return html`<li class="card"><small title=${item.name}><bdi>${shortName(item.name)}</bdi> ${item.label && html`· <bdi>${item.label}</bdi>`}</small>
    ${caption && html`<p>${caption(item)}</p>`}
    <${Outcome} outcome=${{ ...item, ...shape, values: adjust(item.values) }} source=${first} saved=${false} /></li>`;
}

/**
 * Images that `query` names (parameters of /api/evaluate/images) as the model treats them, a page of them. `adjust` changes the values
 * that are shown, `caption` says more of an item.
 */
export function Made({ study, query, title, empty, adjust = values => values, caption }) {
  const { params } = useAddress();
  const from = Math.max(0, Math.floor(Number(params.get('from') ?? 0)) || 0);
  const setFrom = next => setParams({ from: next || null });
  const { value: page, error: failed, again: look } = useLatest('/api/evaluate/images', { ...study, ...query, from, count: PAGE });
  const answers = page?.images.map(one => one.answer) ?? [];
  const { value, error, again } = useJob('/api/evaluate/made', { ...study, answers }, [study.run, study.data, study.part, String(answers)], page?.count > 0);
  useEffect(() => {
    if (page && from > 0 && from >= page.count) setFrom(0);
  }, [page]);
  if (failed) return html`<${Failure} error=${failed} again=${look} />`;
  return html`<section class="study-images" aria-label=${title}>
    <h2 class="minor">${title}${page ? html` <span class="soft">${number(page.count)}</span>` : ''}</h2>
    ${error && (error.name === 'AbortError' ? html`<p><button class="secondary" onClick=${again}>${t('frame.again')}</button></p>` : html`<${Failure} error=${error} again=${again} />`)}
    ${page?.count === 0 && html`<p class="soft">${empty ?? t('evaluate.none')}</p>`}
    ${!value && !error && page?.count !== 0 && html`<${Skeleton} lines=${6} height="4rem" />`}
    ${value && html`<ul class="sheet">${value.items.map(item => html`<${Item} key=${item.answer} item=${item} adjust=${adjust} caption=${caption} />`)}</ul>`}
    ${page?.count > PAGE && html`<div class="row pager">
      <button class="secondary small" disabled=${from === 0} onClick=${() => setFrom(Math.max(0, from - PAGE))}>${t('parts-images.back')}</button>
      <span class="soft">${t('parts-images.range', { from: number(from + 1), to: number(Math.min(page.count, from + PAGE)), of: number(page.count) })}</span>
      <button class="secondary small" disabled=${from + PAGE >= page.count} onClick=${() => setFrom(from + PAGE)}>${t('parts-images.more')}</button>
    </div>`}</section>`;
}

/** The metrics of the run's model, measured when it was made. */
export function Metrics({ metrics }) {
  if (!metrics) return html`<dl class="figures waiting"></dl>`; // nothing moves down when they come
  const all = Object.entries(metrics);
  if (all.length === 0) return null;
  return html`<dl class="figures">${all.map(([name, value]) => html`<div key=${name}><dt>${name}</dt><dd>${number(value, 4)}</dd></div>`)}</dl>`;
}
