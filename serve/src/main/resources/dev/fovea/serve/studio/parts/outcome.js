// The output of a model for an image, each kind shown in its own way.
import { html } from '/lib/preact.js';
import { bytes, load, number, percent, t } from '/base/i18n.js';
import { Bars } from '/parts/bars.js';
import { BeforeAfter } from '/parts/before-after.js';
import { Objects, Regions } from '/parts/objects.js';

await load('parts-images');

/** Figures with their names: [[name, text]]. */
export function Figures({ of }) {
  const there = of.filter(([, text]) => text !== null && text !== undefined);
  if (there.length === 0) return null;
  return html`<dl class="figures">${there.map(([name, text]) => html`<div key=${name}><dt>${name}</dt><dd>${text}</dd></div>`)}</dl>`;
}

function decibels(value) {
  return value === undefined ? undefined : `${number(value, 1)} dB`;
}

function Verdict({ values }) {
  if (values.anomalous === undefined) return null;
  return html`<p class=${'verdict ' + (values.anomalous ? 'bad' : 'good')}>${t(values.anomalous ? 'parts-images.anomalous' : 'parts-images.normal')}</p>`;
}

/** outcome: {text, values, images, width, height}, `source` the address of the image that was tried. */
export function Outcome({ outcome, source, fileBytes, saved = true }) {
  const { values, images, width, height } = outcome;
  const shape = { width, height };
  if (values.objects) return html`<${Objects} src=${source} ...${shape} objects=${values.objects} confidence=${values.confidence ?? 0.5} />`;
  if (images.classes) return html`<${Regions} src=${source} over=${images.classes} ...${shape} regions=${values.regions} />`;
  if (images.heat) {
    return html`<${Verdict} values=${values} />
      <${BeforeAfter} before=${images.input} after=${images.heat} ...${shape} labels=${[t('parts-images.image'), t('parts-images.map')]} />
      <${Figures} of=${[[t('parts-images.score'), number(values.score, 5)], [t('parts-images.threshold'), values.threshold === undefined ? undefined : number(values.threshold, 5)]]} />`;
  }
  if (images.output) return html`<${Made} outcome=${outcome} fileBytes=${fileBytes} saved=${saved} />`;
  if (values.similarity !== undefined) {
    return html`${values.same !== undefined && html`<p class=${'verdict ' + (values.same ? 'good' : 'bad')}>${t(values.same ? 'parts-images.same' : 'parts-images.different')}</p>`}
      <${Figures} of=${[[t('parts-images.similarity'), number(values.similarity, 3)], [t('parts-images.threshold'), values.threshold === undefined ? undefined : number(values.threshold, 3)]]} />`;
  }
  if (values.top) return html`<${Classes} values=${values} />`;
  if (Array.isArray(values.values)) {
    return html`<${Figures} of=${values.values.map(one => [html`<bdi>${one.name}</bdi>`, number(one.value, 4)])} />`;
  }
  return html`<p class="wrap">${outcome.text}</p>`;
}

function Classes({ values }) {
  const sure = new Set(values.labels?.map(one => one.label) ?? values.set ?? []);
  return html`${values.rejected && html`<p class="verdict bad">${t('parts-images.rejected')}</p>`}
    ${values.labels && html`<p>${values.labels.length ? values.labels.map((one, i) => html`${i ? ', ' : ''}<strong><bdi>${one.label}</bdi></strong>`) : t('parts-images.noLabel')}</p>`}
    <${Bars} label=${t('parts-images.classBars')} items=${values.top.map((one, i) => ({ label: one.label, value: one.probability, strong: sure.size ? sure.has(one.label) : i === 0 }))} />`;
}

/** A restored, compressed or reconstructed image beside its original. */
function Made({ outcome, fileBytes, saved }) {
  const { values, images } = outcome;
  const shape = { width: outcome.width, height: outcome.height };
  const compressed = values.bytes !== undefined;
  return html`
    <${BeforeAfter} before=${images.input} after=${images.output} ...${shape}
      labels=${[t('parts-images.before'), t(compressed ? 'parts-images.decompressed' : 'parts-images.after')]} />
    <${Figures} of=${[
      [t('parts-images.bytes'), compressed ? bytes(values.bytes) : undefined],
      [t('parts-images.bitsPerPixel'), compressed ? number(values.bitsPerPixel, 3) : undefined],
      [t('parts-images.ofFile'), compressed && fileBytes ? percent(values.bytes / fileBytes) : undefined],
      [t('parts-images.psnrBefore'), decibels(values.inputPsnr)],
      ['PSNR', decibels(values.psnr)],
      [t('parts-images.jpeg'), compressed ? `${bytes(values.jpegBytes)}, ${decibels(values.jpegPsnr)}` : undefined],
    ]} />
    ${images.compared && html`<details><summary>${t('parts-images.besideJpeg')}</summary>
      <${BeforeAfter} before=${images.compared} after=${images.output} ...${shape} labels=${['JPEG', t('parts-images.decompressed')]} /></details>`}
    ${images.target && html`<details><summary>${t('parts-images.besideTarget')}</summary>
      <${BeforeAfter} before=${images.target} after=${images.output} ...${shape} labels=${[t('parts-images.target'), t('parts-images.after')]} /></details>`}
    ${saved && html`<p><a href=${images.output} download="result.png">${t('parts-images.save')}</a></p>`}`;
}
