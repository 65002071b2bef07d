// A segmenter: masks over images, how well each class is told, the worst images, what is taken for what.
import { html, useState } from '/lib/preact.js';
import { imageUrl } from '/base/api.js';
import { number, percent, t } from '/base/i18n.js';
import { setParams } from '/base/router.js';
import { Matrix } from '/parts/matrix.js';
import { SliceTable } from '/parts/slices.js';
import { Figures, Images, Large, Study } from '/parts/study.js';
import { Table } from '/parts/table.js';
import { Tabs } from '/parts/tabs.js';

const TABS = ['images', 'classes', 'matrix', 'slices'];
const LAYERS = ['told', 'truth', 'wrong'];

export default function Segmentation({ run, about, params }) {
  return html`<${Study} run=${run} about=${about} params=${params}>${(summary, study) => html`<${Answers} summary=${summary} study=${study} params=${params} />`}<//>`;
}

function Answers({ summary, study, params }) {
  const tab = TABS.includes(params.get('tab')) ? params.get('tab') : 'images';
  const layer = LAYERS.includes(params.get('layer')) ? params.get('layer') : 'told';
  const [opacity, setOpacity] = useState(60);
  const [open, setOpen] = useState(null);
  const over = item => html`<${Layer} study=${study} item=${item} layer=${layer} opacity=${opacity} />`;
  const caption = item => html`IoU ${percent(item.miou)}`;
  const cell = params.get('truth') === null ? null : [Number(params.get('truth')), Number(params.get('told'))];
  const names = summary.classes;
  const controls = html`<${Controls} layer=${layer} opacity=${opacity} onOpacity=${setOpacity} />`;
  const shared = { study, caption, over, onOpen: setOpen };
  return html`
    <${Figures} items=${[
      { name: t('evaluate.miou'), value: percent(summary.metrics.miou) },
      { name: t('evaluate.pixelAccuracy'), value: percent(summary.metrics.pixelAccuracy) },
      { name: t('evaluate.classAccuracy'), value: percent(summary.metrics.classAccuracy) },
      { name: 'Dice', value: percent(summary.metrics.dice) },
    ]} />
    <${Tabs} label=${t('evaluate.title')} selected=${tab} onSelect=${id => setParams({ tab: id, from: null })} name="evaluate" tabs=${TABS.map(id => ({ id, title: t(`evaluate.tab_${id}`) }))}>
      ${tab === 'images' && html`${controls}<${Images} ...${shared} query=${{ of: 'worst' }} title=${t('evaluate.lowestIou')} />`}
      ${tab === 'classes' && html`<${Classes} summary=${summary} params=${params} />`}
      ${tab === 'matrix' && html`<${Matrix} rows=${names} columns=${names} counts=${summary.confusion} selected=${cell} onCell=${(truth, told) => setParams({ truth, told })} share=${true} caption=${t('evaluate.pixelMatrix')} />
        ${cell && names[cell[0]] !== undefined && html`${controls}<${Images} ...${shared} query=${{ of: 'cell', truth: cell[0], told: cell[1] }} title=${t('evaluate.cellImages', { truth: names[cell[0]], told: names[cell[1]] })} />`}`}
      ${tab === 'slices' && html`<${SliceTable} study=${study} threshold=${null} figure=${t('evaluate.miou')} selected=${params.get('slice')} />
        ${params.get('slice') !== null && html`${controls}<${Images} ...${shared} query=${{ of: 'slice', slice: params.get('slice') }} title=${t('evaluate.sliceImages')} />`}`}
    <//>
    ${open && html`<${Large} key=${open.answer} study=${study} summary=${summary} item=${open} onClose=${() => setOpen(null)} over=${over}>
      ${controls}
      <table class="plain-table"><caption class="sr-only">${t('evaluate.tab_classes')}</caption><thead><tr><th scope="col">${t('evaluate.class')}</th><th scope="col" class="number">IoU</th></tr></thead>
        <tbody>${open.perClass.map(one => html`<tr key=${one.label}><th scope="row"><${Swatch} colour=${summary.colours[one.label]} name=${names[one.label]} /></th><td class="number">${percent(one.iou)}</td></tr>`)}</tbody></table>
    <//>`}`;
}

function Layer({ study, item, layer, opacity }) {
  return html`<img class="layer" src=${imageUrl('/api/image/evaluated-mask', { ...study, answer: item.answer, which: layer })} alt="" loading="lazy" width=${item.width} height=${item.height} style=${{ opacity: opacity / 100 }} />`;
}

function Controls({ layer, opacity, onOpacity }) {
  return html`<div class="row layers"><div class="row" role="group" aria-label=${t('evaluate.layer')}>
      ${LAYERS.map(one => html`<button key=${one} class=${`small ${one === layer ? '' : 'secondary'}`} aria-pressed=${String(one === layer)} onClick=${() => setParams({ layer: one === 'told' ? null : one })}>${t(`evaluate.layer_${one}`)}</button>`)}</div>
    <label class="opacity">${t('evaluate.opacity')} <output>${percent(opacity / 100, 0)}</output> <input type="range" min="0" max="100" value=${opacity} onInput=${event => onOpacity(Number(event.target.value))} /></label></div>`;
}

function Swatch({ colour, name }) {
  return html`<span class="swatch" style=${{ background: name === 'background' ? 'transparent' : colour }}></span> <bdi>${name}</bdi>`;
}

function Classes({ summary, params }) {
  const sort = { by: params.get('sort') ?? 'iou', down: params.get('down') === 'true' };
  const figure = (id, title) => ({ id, title, number: true, value: row => row[id], cell: row => percent(row[id]) });
  const rows = summary.perClass.map((one, i) => ({ ...one, key: i, iou: value(one.iou), accuracy: value(one.accuracy), precision: value(one.precision), dice: value(one.dice) }));
  return html`<${Table} caption=${t('evaluate.tab_classes')} rows=${rows} sort=${sort} onSort=${next => setParams({ sort: next.by, down: next.down || null })}
    columns=${[
      { id: 'name', title: t('evaluate.class'), value: row => row.name, cell: row => html`<${Swatch} colour=${summary.colours[row.key]} name=${row.name} />` },
      { id: 'iou', title: 'IoU', number: true, value: row => row.iou, cell: row => html`<span class="meter" aria-hidden="true"><span style=${{ width: `${100 * (row.iou ?? 0)}%` }}></span></span> ${percent(row.iou)}` },
      figure('accuracy', t('evaluate.recall')), figure('precision', t('evaluate.precision')), figure('dice', 'Dice'),
      { id: 'pixels', title: t('evaluate.pixels'), number: true, value: row => row.pixels, cell: row => number(row.pixels) },
    ]} />`;
}

/** What cannot be said comes as an empty text. */
function value(one) {
  return one === '' ? null : one;
}
