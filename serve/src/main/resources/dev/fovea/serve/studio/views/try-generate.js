// New images of a generator, as they come; and images that it makes of others.
import { html, useEffect, useRef, useState } from '/lib/preact.js';
import { get, stream } from '/base/api.js';
import { t } from '/base/i18n.js';
import { link } from '/base/router.js';
import { useLoaded } from '/base/store.js';
import { Brush } from '/parts/brush.js';
import { Dropzone } from '/parts/dropzone.js';
import { readImage } from '/parts/image-file.js';
import { Failure, Skeleton, Told } from '/parts/states.js';
import { lastName, taskName } from '/parts/task-name.js';
import { toastError } from '/parts/toast.js';
import { useWishes } from '/parts/wishes.js';

const USUAL = { way: 'new', count: 8, seed: 1, class: '', steps: 30, sampler: 'heun', guidance: 1, temperature: 1, topK: 0, topP: 1, strength: 0.6, kept: 0.5 };
const NO_IMAGE = { image: null, mask: null, width: 0, height: 0 };
const OF_IMAGE = ['vary', 'inpaint', 'complete'];

const has = (offer, setting) => offer.settings.includes(setting);
const waysOf = offer => offer.ways.map(way => way.toLowerCase());

function Field({ id, label, about, children }) {
  return html`<div class="field"><label for=${id}>${label}</label>${children}${about && html`<small>${about}</small>`}</div>`;
}

function Whole({ id, label, value, onChange, least, most, step = 1, about }) {
  return html`<${Field} id=${id} label=${label} about=${about}>
    <input id=${id} type="number" inputmode="decimal" min=${least} max=${most} step=${step} value=${value} onInput=${event => event.target.value !== '' && onChange(Number(event.target.value))} /><//>`;
}

function Form({ offer, classes, wish, set, prefix }) {
  const field = (name, rest) => html`<${Whole} id=${`${prefix}-${name}`} label=${t(`try.${name}`)} value=${wish[name]} onChange=${value => set({ [name]: value })} ...${rest} />`;
  return html`<div class="form-grid">
    ${field('count', { least: 1, most: 64 })}
    ${field('seed', { least: 0, most: 2147483647 })}
    ${has(offer, 'LABEL') && html`<${Field} id=${`${prefix}-class`} label=${t('try.class')}>
      <select id=${`${prefix}-class`} value=${wish.class} onChange=${event => set({ class: event.target.value })}>
        <option value="">${t('try.allClasses')}</option>
        ${classes.map(one => html`<option key=${one} value=${one} selected=${one === wish.class}>${one}</option>`)}
      </select><//>`}
    ${has(offer, 'STEPS') && field('steps', { least: 1, most: 1000 })}
    ${has(offer, 'METHOD') && html`<${Field} id=${`${prefix}-sampler`} label=${t('try.sampler')}><select id=${`${prefix}-sampler`} value=${wish.sampler} onChange=${event => set({ sampler: event.target.value })}>
        ${['heun', 'ddim', 'ddpm'].map(one => html`<option key=${one} value=${one} selected=${one === wish.sampler}>${one}</option>`)}</select><//>`}
    ${has(offer, 'GUIDANCE') && field('guidance', { least: 0, most: 20, step: 0.1 })}
    ${has(offer, 'TEMPERATURE') && field('temperature', { least: 0, most: 5, step: 0.05 })}
    ${has(offer, 'TOP_K') && field('topK', { least: 0, most: 10000 })}
    ${has(offer, 'TOP_P') && field('topP', { least: 0.01, most: 1, step: 0.01 })}
  </div>`;
}

/** What only some ways need: an image, how much of it stays, a mask. */
function Source({ way, wish, set, prefix }) {
  const take = async files => {
    try {
      const { address, width, height } = await readImage(files[0].file);
      if (!width) throw new Error(t('try.noImage'));
      set({ image: address, width, height, mask: null });
    } catch (e) {
      toastError(e);
    }
  };
  return html`<${Dropzone} onFiles=${take} label=${t('try.dropFor_' + way)} multiple=${false} />
    ${wish.image && way !== 'inpaint' && html`<img class="pixelated" src=${wish.image} alt="" width="96" height=${Math.round((96 * wish.height) / wish.width)} />`}
    ${wish.image && way === 'inpaint' && html`<${Brush} src=${wish.image} width=${wish.width} height=${wish.height} onMask=${mask => set({ mask })} />`}
    ${way === 'vary' && html`<label class="slider">${t('try.strength')} <output>${wish.strength}</output><input type="range" min="0.05" max="1" step="0.05" value=${wish.strength} onInput=${event => set({ strength: Number(event.target.value) })} /></label>`}
    ${way === 'complete' && html`<label class="slider">${t('try.kept')} <output>${wish.kept}</output><input type="range" min="0" max="0.95" step="0.05" value=${wish.kept} onInput=${event => set({ kept: Number(event.target.value) })} /></label>`}`;
}

export function Generate({ model }) {
  const { value: about, error, again } = useLoaded(() => get('/api/model', { model }), [model]);
  const [chosen, setChosen] = useWishes(model, USUAL);
  const [given, setGiven] = useState(NO_IMAGE);
  const offer = about?.generator;
  const ways = offer ? waysOf(offer) : [];
  const wish = { ...chosen, ...given, class: about?.classes.includes(chosen.class) ? chosen.class : '' };
  const way = ways.includes(chosen.way) ? chosen.way : 'new';
  const [made, setMade] = useState({ images: [], step: null, busy: false });
  const abort = useRef(null);
  const prefix = useRef(`g${Math.random().toString(36).slice(2, 8)}`).current;
  useEffect(() => () => abort.current?.abort(), []);
  const set = change => ('image' in change || 'mask' in change ? setGiven(was => ({ ...was, ...change })) : setChosen(change));
  const events = (event, value) => setMade(was => {
    if (event === 'begin') return { images: Array.from({ length: value.count }, () => null), step: null, busy: true, seed: value.seed };
    if (event === 'step') return { ...was, step: value, images: was.images.map((one, i) => value.images[i] ?? one) };
    if (event === 'image') return { ...was, images: Object.assign([...was.images], { [value.index]: value.image }), labels: { ...was.labels, [value.index]: value.label } };
    return was;
  });
  const make = async event => {
    event?.preventDefault();
    abort.current?.abort();
    const own = new AbortController();
    abort.current = own;
    setMade({ images: [], busy: true, step: null });
    const { image, mask, width, height, way: _, ...numbers } = wish;
    try {
      const body = { model, ...numbers, class: has(offer, 'LABEL') ? wish.class : '' };
      if (way === 'new') await stream('/api/generate', body, events, { signal: own.signal });
      else await stream('/api/generate/edit', { ...body, way, ...(OF_IMAGE.includes(way) ? { image, mask } : {}) }, events, { signal: own.signal });
    } catch (e) {
      if (e.name !== 'AbortError') setMade(was => ({ ...was, error: e }));
    } finally {
      if (abort.current === own) setMade(was => ({ ...was, busy: false }));
    }
  };
  const far = made.busy && made.step ? t('try.step', { n: made.step.step, of: made.step.of }) : made.busy ? t('try.working') : '';
  const another = () => set({ seed: Math.floor(Math.random() * 2147483647) });
  const lacks = OF_IMAGE.includes(way) && (!wish.image || (way === 'inpaint' && !wish.mask));
  return html`<article class="card panel" aria-busy=${String(made.busy)} data-model=${model}>
    <header class="row spread"><h2><bdi title=${model}>${lastName(model)}</bdi></h2><span class="soft">${taskName(about?.task)}</span></header>
    ${error && html`<${Failure} error=${error} again=${again} />`}
    ${!about && !error && html`<${Skeleton} lines=${5} />`}
    ${offer && html`<form onSubmit=${make}>
      ${ways.length > 1 && html`<${Field} id=${`${prefix}-way`} label=${t('try.way')}><select id=${`${prefix}-way`} value=${way} onChange=${event => set({ way: event.target.value })}>
        ${ways.map(one => html`<option key=${one} value=${one} selected=${one === way}>${t(`try.way_${one}`)}</option>`)}</select><//>`}
      <${Form} offer=${offer} classes=${about.classes} wish=${wish} set=${set} prefix=${prefix} />
      ${OF_IMAGE.includes(way) && html`<${Source} way=${way} wish=${wish} set=${set} prefix=${prefix} />`}
      <div class="row">
        <button type="submit" disabled=${lacks}>${t('try.generate')}</button>
        <button type="button" class="secondary" onClick=${another}>${t('try.anotherSeed')}</button>
        ${made.busy && html`<button type="button" class="secondary" onClick=${() => abort.current?.abort()}>${t('frame.stop')}</button>`}
      </div>
    </form>`}
    ${made.error && html`<${Failure} error=${made.error} />`}
    <div class="soft" aria-hidden="true">${far}</div>
    <${Told} text=${far} done=${made.step?.step} of=${made.step?.of} />
    <ul class="samples">${made.images.map((image, i) => html`<li key=${i}>${image
      ? html`<a href=${image} download=${`generated-${made.seed}-${i}.png`}><img src=${image} alt=${t('try.sample', { n: i + 1 })} width=${about.width} height=${about.height} /></a>`
      : html`<span class="empty-image"></span>`}${made.labels?.[i] ? html`<small><bdi>${made.labels[i]}</bdi></small>` : ''}</li>`)}</ul>
    <p><a href=${link('/export', { run: model })}>${t('try.export')}</a></p>
  </article>`;
}
