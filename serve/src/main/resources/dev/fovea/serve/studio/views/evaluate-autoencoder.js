// An autoencoder: reconstructions, and a map of its codes to walk in.
import { html, useMemo, useState } from '/lib/preact.js';
import { post } from '/base/api.js';
import { load, number, t } from '/base/i18n.js';
import { setParams, useAddress } from '/base/router.js';
import { useLoaded } from '/base/store.js';
import { useJob } from '/parts/examples.js';
import { Measured } from '/parts/measured.js';
import { Points } from '/parts/plots.js';
import { Failure, Skeleton } from '/parts/states.js';
import { Study, useNewest } from '/parts/study.js';

await load('evaluate-made');

const STEPS = 11;
const AXES = 6;

/** Where two images meet: each step between their codes decoded. */
function Walk({ run, map, ends }) {
  const [at, setAt] = useState(0);
  const walk = useLoaded(() => (ends.length < 2 ? null : post('/api/latent/walk', { run, places: ends.map(i => map.items[i].place), count: STEPS })), [run, ends]);
  if (ends.length < 2) return html`<p class="soft">${t('evaluate-made.pickTwo')}</p>`;
  if (walk.error) return html`<${Failure} error=${walk.error} again=${walk.again} />`;
  if (!walk.value) return html`<${Skeleton} lines=${1} height="20rem" />`;
  const made = walk.value.images;
  return html`
    <img class="pixelated" src=${made[at]} alt=${t('evaluate-made.between', { n: at, of: STEPS - 1 })} width="192" height="192" />
    <label class="slider">${t('evaluate-made.walk')} <output>${at} / ${STEPS - 1}</output><input type="range" min="0" max=${STEPS - 1} value=${at} onInput=${event => setAt(Number(event.target.value))} /></label>
    <div class="walk" role="group" tabindex="0" aria-label=${t('evaluate-made.steps')}>${made.map((image, i) => html`<img key=${i} src=${image} alt="" width="72" height="72" />`)}</div>`;
}

/** One place among the codes, moved along its main directions. */
function Axes({ run, map }) {
  const count = Math.min(AXES, map.directions);
  const [place, setPlace] = useState(() => new Array(count).fill(0));
  const places = [place.map((z, d) => z * map.deviations[d])];
  const { value, error, again } = useNewest(signal => post('/api/latent/decode', { run, places }, { signal }), JSON.stringify([run, places]), 60);
  const image = value?.images[0];
  return html`
    ${error && html`<${Failure} error=${error} again=${again} />`}
    ${image ? html`<img class="pixelated" src=${image} alt=${t('evaluate-made.decoded')} width="192" height="192" />` : !error && html`<${Skeleton} lines=${1} height="192px" />`}
    ${place.map((z, d) => html`<label class="slider" key=${d}>${t('evaluate-made.direction', { n: d + 1 })} <output>${number(z, 1)} σ</output>
      <input type="range" min="-3" max="3" step="0.1" value=${z} onInput=${event => setPlace(place.map((one, i) => (i === d ? Number(event.target.value) : one)))} /></label>`)}
    <button class="small secondary" onClick=${() => setPlace(new Array(count).fill(0))}>${t('evaluate-made.average')}</button>`;
}

function Codes({ study }) {
  const { run } = study;
  const { value: map, error, again } = useJob('/api/latent', study, [run, study.data, study.part]);
  const { params } = useAddress();
  const ends = [Number(params.get('a') ?? 0) || 0, Number(params.get('b') ?? 1) || 0];
  const setEnds = next => setParams({ a: next[0], b: next[1] });
  const points = useMemo(() => map?.items.map(one => ({ x: one.place[0] ?? 0, y: one.place[1] ?? 0, group: Math.max(0, map.classes.indexOf(one.label)), title: `${one.name} ${one.label}` })), [map]);
  if (error) return html`<${Failure} error=${error} again=${again} />`;
  if (!map) return html`<${Skeleton} lines=${8} height="3rem" />`;
  const marked = ends.filter(i => i < points.length).map((i, n) => ({ ...points[i], text: 'AB'[n] }));
  const choose = (n, i) => setEnds(ends.map((one, at) => (at === n ? i : one)));
  return html`<div class="split">
    <div><p class="soft">${t('evaluate-made.mapAbout')}</p>
      <${Points} points=${points} groups=${map.classes} marked=${marked} onPick=${i => setEnds([ends[1], i])}
        xTitle=${t('evaluate-made.direction', { n: 1 })} yTitle=${t('evaluate-made.direction', { n: 2 })} label=${t('evaluate-made.mapOf', { n: points.length })} />
      <div class="form-grid">${[0, 1].map(n => html`<div class="field" key=${n}><label for=${'end' + n}>${t('evaluate-made.image', { name: 'AB'[n] })}</label>
        <select id=${'end' + n} value=${ends[n]} onChange=${event => choose(n, Number(event.target.value))}>${map.items.map((one, i) => html`<option key=${i} value=${i} selected=${i === ends[n]}>${one.name} ${one.label}</option>`)}</select></div>`)}</div></div>
    <div class="card"><h2>${t('evaluate-made.walkTitle')}</h2><${Walk} run=${run} map=${map} ends=${ends.filter(i => i < points.length)} />
      <h2>${t('evaluate-made.axesTitle')}</h2><${Axes} run=${run} map=${map} /></div>
  </div>`;
}

export default function Autoencoder({ run, about, params }) {
  return html`<${Study} run=${run} about=${about} params=${params}>${(summary, study) => html`<${Measured} summary=${summary} study=${study} params=${params} lead=${t('evaluate-made.reconstructionAbout')}
    more=${[{ id: 'codes', title: t('evaluate-made.codes'), content: html`<${Codes} study=${study} />` }]} />`}<//>`;
}
