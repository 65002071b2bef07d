// A classifier: what is taken for what, its worst mistakes, precision and recall by class, calibration, slices.
import { html, useState } from '/lib/preact.js';
import { number, percent, t } from '/base/i18n.js';
import { setParams } from '/base/router.js';
import { Bars } from '/parts/bars.js';
import { Matrix } from '/parts/matrix.js';
import { Calibration, PrecisionRecall } from '/parts/plot.js';
import { SliceTable } from '/parts/slices.js';
import { Failure, Skeleton } from '/parts/states.js';
import { Figures, Images, Large, Study, Threshold, useLatest } from '/parts/study.js';
import { Table } from '/parts/table.js';
import { Tabs } from '/parts/tabs.js';

const TABS = ['matrix', 'mistakes', 'classes', 'calibration', 'slices'];

export default function Classification({ run, about, params }) {
  return html`<${Study} run=${run} about=${about} params=${params}>${(summary, study) => html`<${Answers} summary=${summary} study=${study} params=${params} />`}<//>`;
}

function Answers({ summary, study, params }) {
  const threshold = Number(params.get('threshold') ?? 0);
  const tab = TABS.includes(params.get('tab')) ? params.get('tab') : 'matrix';
  const { value: at, error, again } = useLatest('/api/evaluate/at', { ...study, threshold });
  const [open, setOpen] = useState(null);
  const names = summary.classes;
  const caption = item => html`<bdi>${names[item.truth]}</bdi> → <bdi>${names[item.told]}</bdi> ${percent(item.confidence, 0)}`;
  const shared = { summary, study, params, threshold, at, caption, onOpen: setOpen };
  return html`
    ${error && html`<${Failure} error=${error} again=${again} />`}
    <${Figures} items=${[
      { name: t('evaluate.accuracy'), value: percent(at?.accuracy) },
      { name: t('evaluate.balanced'), value: percent(at?.balancedAccuracy) },
      { name: t('evaluate.macroF1'), value: percent(at?.macroF1) },
      { name: t('evaluate.mistakes'), value: number(at?.mistakes) },
      { name: t('evaluate.calibrationError'), value: percent(summary.calibrationError) },
    ]} />
    <${Threshold} label=${t('evaluate.leastConfidence')} value=${threshold} onChange=${value => setParams({ threshold: value || null })}>
      <p class="soft" aria-live="polite">${at ? t('evaluate.answeredOf', { share: percent(summary.images ? at.answered / summary.images : null), right: percent(at.accuracy) }) : ' '}</p>
    <//>
    <${Tabs} label=${t('evaluate.title')} selected=${tab} onSelect=${id => setParams({ tab: id, from: null })} name="evaluate"
      tabs=${TABS.map(id => ({ id, title: t(`evaluate.tab_${id}`) }))}>
      ${tab === 'matrix' && html`<${Confusion} ...${shared} />`}
      ${tab === 'mistakes' && html`<${Images} study=${study} query=${{ of: 'worst' }} title=${t('evaluate.worst')} caption=${caption} onOpen=${setOpen} empty=${t('evaluate.noMistakes')} />`}
      ${tab === 'classes' && html`<${Classes} ...${shared} />`}
      ${tab === 'calibration' && html`<div class="columns"><${Calibration} bins=${summary.bins} error=${summary.calibrationError} />
        <div><h2 class="minor">${t('evaluate.calibration')}</h2><p>${t('evaluate.calibrationHelp')}</p>
        <p>${t('evaluate.calibrationNow', { error: percent(summary.calibrationError) })}</p></div></div>`}
      ${tab === 'slices' && html`<${SliceTable} study=${study} threshold=${null} figure=${t('evaluate.accuracy')} selected=${params.get('slice')} />
        ${params.get('slice') !== null && html`<${Images} study=${study} query=${{ of: 'slice', slice: params.get('slice') }} title=${t('evaluate.sliceImages')} caption=${caption} onOpen=${setOpen} />`}`}
    <//>
    ${open && html`<${Large} key=${open.answer} study=${study} summary=${summary} item=${open} onClose=${() => setOpen(null)} classes=${names}>
      <p>${t('evaluate.isA')} <strong><bdi>${names[open.truth]}</bdi></strong></p>
      <${Bars} label=${t('evaluate.answers')} items=${open.top.map(([label, value]) => ({ label: names[label], value, strong: label === open.truth }))} />
    <//>`}`;
}

function Confusion({ summary, study, params, threshold, at, caption, onOpen }) {
  const [share, setShare] = useState(false);
  const names = summary.classes;
  const cell = params.get('truth') === null ? null : [Number(params.get('truth')), Number(params.get('told'))];
  const choose = (truth, told) => setParams({ truth, told });
  if (!at) return html`<${Skeleton} lines=${6} height="2.4rem" />`;
  const unsure = at.confusion?.some(row => row[names.length] > 0);
  const told = unsure || threshold > 0 ? [...names, t('evaluate.unsure')] : names;
  return html`
    ${at.confusion
      ? html`<label class="check"><input type="checkbox" checked=${share} onChange=${event => setShare(event.target.checked)} /> ${t('evaluate.shares')}</label>
        <${Matrix} rows=${names} columns=${told} counts=${at.confusion.map(row => row.slice(0, told.length))} selected=${cell} onCell=${choose} share=${share} caption=${t('evaluate.matrixHelp')} />`
      : html`<p class="soft">${t('evaluate.pairsHelp', { n: names.length })}</p><ul class="list pairs">${at.pairs.map(
          ([truth, other, count]) => html`<li key=${`${truth}-${other}`}><button class="plain" onClick=${() => choose(truth, other)}>
            <bdi>${names[truth]}</bdi> → <bdi>${names[other] ?? t('evaluate.unsure')}</bdi> <strong>${number(count)}</strong></button></li>`,
        )}</ul>`}
    ${cell && names[cell[0]] !== undefined && html`<${Images} study=${study} query=${{ of: 'cell', truth: cell[0], told: cell[1], threshold }} onOpen=${onOpen} caption=${caption}
      title=${t('evaluate.cellImages', { truth: names[cell[0]], told: names[cell[1]] ?? t('evaluate.unsure') })} />`}`;
}

function Classes({ summary, study, params, at }) {
  const sort = { by: params.get('sort') ?? 'f1', down: params.get('down') === 'true' };
  if (!at) return html`<${Skeleton} lines=${6} height="2.4rem" />`;
  const rows = at.perClass.map((one, i) => ({ ...one, key: i, average: summary.averagePrecision[i] }));
  const chosen = Math.min(Number(params.get('label') ?? worst(rows)), rows.length - 1);
  const figure = id => ({ id, title: t(`evaluate.${id}`), number: true, value: row => row[id], cell: row => percent(row[id]) });
  return html`<div class="columns wide-first">
    <${Table} caption=${t('evaluate.tab_classes')} rows=${rows} sort=${sort} onSort=${next => setParams({ sort: next.by, down: next.down || null })} rowClass=${row => (row.key === chosen ? 'chosen' : '')}
      columns=${[
        { id: 'name', title: t('evaluate.class'), value: row => row.name, cell: row => html`<button class="plain" aria-pressed=${String(row.key === chosen)} onClick=${() => setParams({ label: row.key })}><bdi>${row.name}</bdi></button>` },
        figure('precision'), figure('recall'), figure('f1'),
        { id: 'average', title: t('evaluate.averagePrecision'), number: true, value: row => row.average, cell: row => percent(row.average) },
        { id: 'support', title: t('evaluate.count'), number: true, value: row => row.support, cell: row => number(row.support) },
      ]} />
    <${Curve} study=${study} label=${chosen} name=${summary.classes[chosen]} point=${at.perClass[chosen]} />
  </div>`;
}

function worst(rows) {
  return rows.reduce((best, row) => ((row.average ?? 2) < (rows[best].average ?? 2) ? row.key : best), 0);
}

export function Curve({ study, label, name, threshold = null, point = null }) {
  const { value, error, again } = useLatest('/api/evaluate/curve', { ...study, label });
  if (error) return html`<${Failure} error=${error} again=${again} />`;
  return value ? html`<${PrecisionRecall} curve=${value} threshold=${threshold} point=${point} name=${name} />` : html`<${Skeleton} lines=${1} height="18rem" />`;
}
