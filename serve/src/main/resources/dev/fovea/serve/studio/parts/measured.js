// Answers that are numbers: looked at image by image, in bars, and by what images have in common.
import { html } from '/lib/preact.js';
import { load, number, percent, t } from '/base/i18n.js';
import { setParams } from '/base/router.js';
import { color, useTheme } from '/parts/colors.js';
import { Made } from '/parts/examples.js';
import { Histogram } from '/parts/plots.js';
import { SliceTable } from '/parts/slices.js';
import { Failure, Skeleton } from '/parts/states.js';
import { Figures, useLatest, wordOf } from '/parts/study.js';
import { Tabs } from '/parts/tabs.js';

await load('evaluate-made');

const UNITS = { psnr: 'dB', inputPsnr: 'dB', psnrGain: 'dB', jpegPsnr: 'dB' };

function figureName(name) {
  return wordOf(`evaluate-made.figure_${name}`, name);
}

/** A number with its unit; small ones with more digits. */
export function figureText(figure, value) {
  if (value === null || value === undefined) return '–';
  if (figure.scale === 'share') return percent(value);
  const digits = Math.abs(value) >= 100 ? 1 : Math.abs(value) >= 1 ? 2 : 4;
  return UNITS[figure.name] ? `${number(value, 2)}\u00a0${UNITS[figure.name]}` : number(value, digits);
}

/** The number that the address names among those of a summary. */
export function chosenFigure(summary, params) {
  return summary.figures.find(one => one.name === params.get('figure')) ?? summary.figures[0];
}

/** Bars of one number; those of a bar that is chosen are drawn by `children(query, title)`. */
export function Spread({ study, figure, params, threshold, children }) {
  useTheme();
  const { value, error, again } = useLatest('/api/evaluate/spread', { ...study, figure: figure.name });
  if (error) return html`<${Failure} error=${error} again=${again} />`;
  if (!value) return html`<div class="histogram-place"><${Skeleton} lines=${1} height="15rem" /></div>`;
  const bars = value.series[0].counts.length;
  const bar = params.get('bar') === null ? null : Math.min(bars - 1, Math.max(0, Math.floor(Number(params.get('bar'))) || 0));
  const series = value.series.map((one, i) => ({ name: one.name || t('evaluate-made.images'), counts: one.counts, colour: color(i) }));
  const edge = i => figureText(figure, value.least + i * value.step);
  const title = bar !== null && t('evaluate-made.between_values', { from: edge(bar), to: edge(bar + 1) });
  return html`<div class="histogram-place"><${Histogram} series=${series} least=${value.least} step=${value.step} threshold=${threshold} axis=${figure.scale === 'zero' ? t('evaluate-made.errorOf', { name: figureName(figure.name) }) : figureName(figure.name)} selected=${bar}
      label=${t('evaluate-made.barsOf', { name: figureName(figure.name) })} say=${n => t('evaluate.images', { n })} onPick=${i => setParams({ bar: i === bar ? null : i, from: null })} /></div>
    ${bar !== null && children({ of: 'bar', bar, figure: figure.name }, title)}`;
}

/** By what images have in common; those of a slice that is chosen are drawn by `children(query, title)`. */
export function Slices({ study, figure, params, children }) {
  const slice = params.get('slice');
  return html`<${SliceTable} study=${{ ...study, figure: figure.name }} threshold=${null} figure=${figureName(figure.name)} format=${value => figureText(figure, value)} selected=${slice} />
    ${slice !== null && children({ of: 'slice', slice, figure: figure.name }, t('evaluate.sliceImages'))}`;
}

/** Which number the images are looked at by, where there are several. */
export function FigureChoice({ figures, chosen, label }) {
  if (figures.length < 2) return null;
  return html`<form class="study-data" onSubmit=${event => event.preventDefault()}><label>${label ?? t('evaluate-made.by')}
    <select id="figure" value=${chosen.name} onChange=${event => setParams({ figure: event.target.value, bar: null, slice: null, from: null })}>
      ${figures.map(one => html`<option key=${one.name} value=${one.name} selected=${one.name === chosen.name}>${figureName(one.name)}</option>`)}</select></label></form>`;
}

const TABS = ['images', 'spread', 'slices'];

/** The view of a model that makes an image of an image. `more` are further tabs: [{id, title, content}]. */
export function Measured({ summary, study, params, lead, more = [] }) {
  const figure = chosenFigure(summary, params);
  const all = [...TABS, ...more.map(one => one.id)];
  const tab = all.includes(params.get('tab')) ? params.get('tab') : 'images';
  const made = (query, title) => html`<${Made} study=${study} query=${query} title=${title} />`;
  return html`
    <${Figures} items=${summary.figures.map(one => ({ name: figureName(one.name), value: figureText(one, one.mean) }))} />
    <${FigureChoice} figures=${summary.figures} chosen=${figure} />
    <${Tabs} label=${t('evaluate.title')} name="evaluate" selected=${tab} onSelect=${id => setParams({ tab: id, from: null })}
      tabs=${[...TABS.map(id => ({ id, title: t(`evaluate-made.tab_${id}`) })), ...more]}>
      ${tab === 'images' && html`<p class="soft">${lead}</p>${made({ of: 'worst', figure: figure.name }, t(`evaluate-made.first_${figure.scale}`, { name: figureName(figure.name) }))}`}
      ${tab === 'spread' && html`<${Spread} study=${study} figure=${figure} params=${params}>${made}<//>`}
      ${tab === 'slices' && html`<${Slices} study=${study} figure=${figure} params=${params}>${made}<//>`}
      ${more.find(one => one.id === tab)?.content}
    <//>`;
}
