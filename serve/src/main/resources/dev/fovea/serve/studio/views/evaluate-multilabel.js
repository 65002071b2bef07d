// A model that gives several labels: what it gives wrongly and misses, by label and threshold.
import { html, useState } from '/lib/preact.js';
import { number, percent, t } from '/base/i18n.js';
import { setParams } from '/base/router.js';
import { Calibration } from '/parts/plot.js';
import { SliceTable } from '/parts/slices.js';
import { Failure, Skeleton } from '/parts/states.js';
import { Figures, Images, Large, Study, Threshold, useLatest } from '/parts/study.js';
import { Table } from '/parts/table.js';
import { Tabs } from '/parts/tabs.js';
import { Curve } from '/views/evaluate-classification.js';

const TABS = ['labels', 'mistakes', 'calibration', 'slices'];
const SIGNS = { right: '✓', wrong: '✗', missed: '○' };
const CELLS = { right: { truth: 1, told: 1 }, missed: { truth: 1, told: 0 }, wrong: { truth: 0, told: 1 } };

export default function MultiLabel({ run, about, params }) {
  return html`<${Study} run=${run} about=${about} params=${params}>${(summary, study) => html`<${Answers} summary=${summary} study=${study} params=${params} />`}<//>`;
}

function Answers({ summary, study, params }) {
  const own = params.get('threshold') === null;
  const threshold = own ? null : Number(params.get('threshold'));
  const asked = own ? study : { ...study, threshold };
  const tab = TABS.includes(params.get('tab')) ? params.get('tab') : 'labels';
  const { value: at, error, again } = useLatest('/api/evaluate/at', asked);
  const [open, setOpen] = useState(null);
  const caption = item => html`<${Labels} item=${item} names=${summary.classes} />`;
  const query = extra => (own ? extra : { ...extra, threshold });
  return html`
    ${error && html`<${Failure} error=${error} again=${again} />`}
    <${Figures} items=${[
      { name: 'mAP', value: percent(summary.metrics.map) },
      { name: t('evaluate.microF1'), value: percent(at?.microF1) },
      { name: t('evaluate.macroF1'), value: percent(at?.macroF1) },
      { name: t('evaluate.exactMatch'), value: percent(at?.exactMatch) },
      { name: t('evaluate.calibrationError'), value: percent(summary.calibrationError) },
    ]} />
    <${Threshold} label=${t('evaluate.threshold')} value=${threshold ?? 0.5} onChange=${value => setParams({ threshold: value })}>
      <label class="check"><input type="checkbox" checked=${own} onChange=${event => setParams({ threshold: event.target.checked ? null : 0.5 })} /> ${t('evaluate.ownThresholds')}</label>
    <//>
    <${Tabs} label=${t('evaluate.title')} selected=${tab} onSelect=${id => setParams({ tab: id, from: null })} name="evaluate" tabs=${TABS.map(id => ({ id, title: t(`evaluate.tab_${id}`) }))}>
      ${tab === 'labels' && html`<${ByLabel} summary=${summary} study=${study} params=${params} at=${at} query=${query} caption=${caption} onOpen=${setOpen} threshold=${threshold} />`}
      ${tab === 'mistakes' && html`<${Images} study=${study} query=${query({ of: 'worst' })} title=${t('evaluate.worstLabels')} caption=${caption} onOpen=${setOpen} empty=${t('evaluate.noMistakes')} />`}
      ${tab === 'calibration' && html`<div class="columns"><${Calibration} bins=${summary.bins} error=${summary.calibrationError} /><div><h2 class="minor">${t('evaluate.calibration')}</h2><p>${t('evaluate.calibrationHelp')}</p></div></div>`}
      ${tab === 'slices' && html`<${SliceTable} study=${study} threshold=${threshold} figure=${t('evaluate.agreement')} selected=${params.get('slice')} />
        ${params.get('slice') !== null && html`<${Images} study=${study} query=${query({ of: 'slice', slice: params.get('slice') })} title=${t('evaluate.sliceImages')} caption=${caption} onOpen=${setOpen} />`}`}
    <//>
    ${open && html`<${Large} key=${open.answer} study=${study} summary=${summary} item=${open} onClose=${() => setOpen(null)} classes=${summary.classes}><${Labels} item=${open} names=${summary.classes} /><//>`}`;
}

/** Labels that an image has or is given: right, missed or wrong. */
function Labels({ item, names }) {
  if (item.labels.length === 0) return html`<span class="soft">${t('evaluate.noLabel')}</span>`;
  return html`<span class="labels">${item.labels.map(([label, there, told, value]) => {
    const kind = there && told ? 'right' : there ? 'missed' : 'wrong';
    return html`<span key=${label} class=${`tag ${kind}`}>${SIGNS[kind]} <bdi>${names[label]}</bdi> ${percent(value, 0)} <span class="sr-only">${t(`evaluate.${kind}`)}</span></span>`;
  })}</span>`;
}

function ByLabel({ summary, study, params, at, query, caption, onOpen, threshold }) {
  const sort = { by: params.get('sort') ?? 'f1', down: params.get('down') === 'true' };
  if (!at) return html`<${Skeleton} lines=${6} height="2.4rem" />`;
  const rows = at.perClass.map((one, i) => ({ ...one, key: i }));
  const chosen = Math.min(Number(params.get('label') ?? 0), rows.length - 1);
  const outcome = CELLS[params.get('outcome')] ? params.get('outcome') : null;
  const figure = id => ({ id, title: t(`evaluate.${id}`), number: true, value: row => row[id], cell: row => percent(row[id]) });
  const count = id => ({
    id, title: t(`evaluate.${id}`), number: true, value: row => row[id],
    cell: row => html`<button class="plain count" disabled=${!row[id]} aria-label=${t('evaluate.outcome', { name: row.name, kind: t(`evaluate.${id}`), n: row[id] })}
      onClick=${() => setParams({ label: row.key, outcome: id })}>${number(row[id])}</button>`,
  });
  return html`<div class="columns wide-first">
      <${Table} caption=${t('evaluate.tab_labels')} rows=${rows} sort=${sort} onSort=${next => setParams({ sort: next.by, down: next.down || null })} rowClass=${row => (row.key === chosen ? 'chosen' : '')}
        columns=${[
          { id: 'name', title: t('evaluate.label'), value: row => row.name, cell: row => html`<button class="plain" aria-pressed=${String(row.key === chosen)} onClick=${() => setParams({ label: row.key, outcome: null })}><bdi>${row.name}</bdi></button>` },
          count('right'), count('missed'), count('wrong'), figure('precision'), figure('recall'), figure('f1'), figure('averagePrecision'),
          { id: 'threshold', title: t('evaluate.threshold'), number: true, value: row => row.threshold, cell: row => number(row.threshold, 2) },
        ]} />
      <${Curve} study=${study} label=${chosen} name=${summary.classes[chosen]} threshold=${threshold ?? summary.thresholds[chosen]} />
    </div>
    ${outcome && html`<${Images} study=${study} query=${query({ of: 'cell', label: chosen, ...CELLS[outcome] })} caption=${caption} onOpen=${onOpen}
      title=${t('evaluate.outcome', { name: summary.classes[chosen], kind: t(`evaluate.${outcome}`), n: rows[chosen][outcome] })} />`}`;
}
