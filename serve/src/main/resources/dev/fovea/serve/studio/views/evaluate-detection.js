// A detector: true and found boxes, what goes wrong and how often, by the confidence that is asked for.
import { html, useState } from '/lib/preact.js';
import { number, percent, t } from '/base/i18n.js';
import { link, setParams } from '/base/router.js';
import { SliceTable } from '/parts/slices.js';
import { Failure, Skeleton } from '/parts/states.js';
import { Figures, Images, Large, Study, Threshold, useLatest } from '/parts/study.js';
import { Table } from '/parts/table.js';
import { Tabs } from '/parts/tabs.js';
import { Curve } from '/views/evaluate-classification.js';

const TABS = ['boxes', 'classes', 'slices'];
const SIGNS = { right: '✓', wrong: '✗', missed: '○', ignored: '–' };
const KINDS = ['missed', 'background', 'classification', 'localization', 'duplicate', 'both'];

export default function Detection({ run, about, params }) {
  return html`<${Study} run=${run} about=${about} params=${params}>${(summary, study) => html`<${Answers} summary=${summary} study=${study} params=${params} />`}<//>`;
}

function Answers({ summary, study, params }) {
  const own = params.get('threshold') === null;
  const threshold = own ? summary.bestConfidence : Number(params.get('threshold'));
  const tab = TABS.includes(params.get('tab')) ? params.get('tab') : 'boxes';
  const { value: at, error, again } = useLatest('/api/evaluate/at', { ...study, threshold });
  const [open, setOpen] = useState(null);
  const overall = at?.overall;
  const caption = item => html`<${Counts} item=${item} />`;
  const over = item => html`<${Boxes} item=${item} names=${summary.classes} />`;
  return html`
    ${error && html`<${Failure} error=${error} again=${again} />`}
    <${Figures} items=${[
      { name: 'mAP', value: percent(summary.metrics.map) },
      { name: 'mAP 50', value: percent(summary.metrics.map50) },
      { name: t('evaluate.precision'), value: percent(overall?.precision) },
      { name: t('evaluate.recall'), value: percent(overall?.recall) },
      { name: t('evaluate.f1'), value: percent(overall?.f1) },
    ]} />
    <${Threshold} label=${t('evaluate.leastConfidence')} value=${threshold} least=${0.01} onChange=${value => setParams({ threshold: value })}>
      <button class="small secondary" disabled=${own} onClick=${() => setParams({ threshold: null })}>${t('evaluate.best', { value: number(summary.bestConfidence, 2) })}</button>
    <//>
    <${Tabs} label=${t('evaluate.title')} selected=${tab} onSelect=${id => setParams({ tab: id, from: null })} name="evaluate" tabs=${TABS.map(id => ({ id, title: t(`evaluate.tab_${id}`) }))}>
      ${tab === 'boxes' && html`<${ByKind} study=${study} params=${params} at=${at} threshold=${threshold} caption=${caption} over=${over} onOpen=${setOpen} />`}
      ${tab === 'classes' && html`<${Classes} summary=${summary} study=${study} params=${params} at=${at} threshold=${threshold} />`}
      ${tab === 'slices' && html`<${SliceTable} study=${study} threshold=${threshold} figure=${t('evaluate.recall')} selected=${params.get('slice')} />
        ${params.get('slice') !== null && html`<${Images} study=${study} query=${{ of: 'slice', slice: params.get('slice'), threshold }} title=${t('evaluate.sliceImages')} caption=${caption} over=${over} onOpen=${setOpen} />`}`}
    <//>
    ${open && html`<${OpenImage} key=${open.answer} answer=${open} summary=${summary} study=${study} threshold=${threshold} onClose=${() => setOpen(null)} />`}`;
}

/** One image, whose boxes follow the slider in the dialog. */
function OpenImage({ answer, summary, study, threshold, onClose }) {
  const [least, setLeast] = useState(threshold);
  const { value } = useLatest('/api/evaluate/item', { ...study, answer: answer.answer, threshold: least });
  const item = value ?? answer;
  return html`<${Large} study=${study} summary=${summary} item=${item} onClose=${onClose} classes=${summary.classes} over=${one => html`<${Boxes} item=${one} names=${summary.classes} named=${true} />`}>
    <${Threshold} label=${t('evaluate.leastConfidence')} value=${least} least=${0.01} onChange=${setLeast} />
    <p><${Counts} item=${item} /></p>
    <ul class="found">${item.found.map((one, i) => html`<li key=${i}><span class=${`tag ${tone(one.verdict)}`}>${SIGNS[tone(one.verdict)]} ${t(`evaluate.verdict_${one.verdict}`)}</span> <bdi>${summary.classes[one.label]}</bdi> ${percent(one.score, 0)}</li>`)}
      ${item.truth.filter(one => one.missed).map((one, i) => html`<li key=${`m${i}`}><span class="tag missed">${SIGNS.missed} ${t('evaluate.missed')}</span> <bdi>${summary.classes[one.label]}</bdi></li>`)}</ul>
    ${summary.address && item.place?.index !== undefined && html`<p><a href=${link('/data/edit', { path: summary.address, part: item.place.part, image: item.place.index })}>${t('evaluate.editBoxes')}</a></p>`}
  <//>`;
}

function tone(verdict) {
  return verdict === 'right' ? 'right' : verdict === 'ignored' ? 'ignored' : 'wrong';
}

/** True boxes thin, found ones thick: right, wrong, and dashed what was missed. */
function Boxes({ item, names, named = false }) {
  const line = Math.max(item.width, item.height) / (named ? 400 : 130);
  const letters = Math.max(item.width, item.height) / 38;
  const rect = (one, kind, key) => html`<rect key=${key} class=${kind} x=${one.box[0]} y=${one.box[1]} width=${one.box[2] - one.box[0]} height=${one.box[3] - one.box[1]} stroke-width=${kind === 'truth' ? line * 0.8 : line}
    stroke-dasharray=${kind === 'missed' ? `${line * 4} ${line * 2.5}` : kind === 'wrong' ? `${line * 1.2} ${line}` : undefined} />`;
  return html`<svg class="boxes" viewBox=${`0 0 ${item.width} ${item.height}`} aria-hidden="true">
    ${item.truth.map((one, i) => rect(one, one.missed ? 'missed' : 'truth', `t${i}`))}
    ${item.found.map((one, i) => rect(one, tone(one.verdict), `f${i}`))}
    ${named && item.found.map((one, i) => html`<text key=${`n${i}`} class=${tone(one.verdict)} x=${one.box[0] + line} y=${one.box[1] + letters} font-size=${letters}>${names[one.label]} ${percent(one.score, 0)}</text>`)}
  </svg>`;
}

function Counts({ item }) {
  const right = item.found.filter(one => one.verdict === 'right').length;
  const wrong = item.found.filter(one => one.verdict !== 'right' && one.verdict !== 'ignored').length;
  const missed = item.truth.filter(one => one.missed).length;
  return html`<span class="labels"><span class="tag right">${SIGNS.right} ${number(right)} ${t('evaluate.right')}</span>
    ${wrong > 0 && html`<span class="tag wrong">${SIGNS.wrong} ${number(wrong)} ${t('evaluate.wrong')}</span>`}
    ${missed > 0 && html`<span class="tag missed">${SIGNS.missed} ${number(missed)} ${t('evaluate.missed')}</span>`}</span>`;
}

function ByKind({ study, params, at, threshold, caption, over, onOpen }) {
  const kind = KINDS.includes(params.get('kind')) ? params.get('kind') : null;
  const note = html`<p class="legend"><span class="key truth"></span> ${t('evaluate.keyTruth')} <span class="key right"></span> ${t('evaluate.keyRight')}
    <span class="key wrong"></span> ${t('evaluate.keyWrong')} <span class="key missed"></span> ${t('evaluate.keyMissed')}</p>`;
  return html`<div class="kinds" role="group" aria-label=${t('evaluate.kinds')}>
      <button class=${kind ? 'secondary' : ''} aria-pressed=${String(!kind)} onClick=${() => setParams({ kind: null })}>${t('evaluate.allErrors')}</button>
      ${KINDS.map(one => html`<button key=${one} class=${one === kind ? '' : 'secondary'} aria-pressed=${String(one === kind)} title=${t(`evaluate.about_${one}`)} onClick=${() => setParams({ kind: one })}
        >${t(`evaluate.error_${one}`)} <strong>${number(at?.errors[one])}</strong></button>`)}</div>
    <p class="soft">${kind ? t(`evaluate.about_${kind}`) : t('evaluate.about_all')}</p>
    <${Images} study=${study} query=${kind ? { of: 'error', kind, threshold } : { of: 'worst', threshold }} title=${kind ? t(`evaluate.error_${kind}`) : t('evaluate.mostErrors')}
      caption=${caption} over=${over} onOpen=${onOpen} empty=${t('evaluate.noErrors')} note=${note} />`;
}

function Classes({ summary, study, params, at, threshold }) {
  const sort = { by: params.get('sort') ?? 'f1', down: params.get('down') === 'true' };
  if (!at) return html`<${Skeleton} lines=${6} height="2.4rem" />`;
  const rows = at.perClass.map((one, i) => ({ ...one, key: i, average: summary.averagePrecision[i] }));
  const chosen = Math.min(Number(params.get('label') ?? -1), rows.length - 1);
  const figure = id => ({ id, title: t(`evaluate.${id}`), number: true, value: row => row[id], cell: row => percent(row[id]) });
  const count = (id, title) => ({ id, title, number: true, value: row => row[id], cell: row => number(row[id]) });
  return html`<div class="columns wide-first">
    <${Table} caption=${t('evaluate.tab_classes')} rows=${rows} sort=${sort} onSort=${next => setParams({ sort: next.by, down: next.down || null })} rowClass=${row => (row.key === chosen ? 'chosen' : '')}
      columns=${[
        { id: 'name', title: t('evaluate.class'), value: row => row.name, cell: row => html`<button class="plain" aria-pressed=${String(row.key === chosen)} onClick=${() => setParams({ label: row.key === chosen ? null : row.key })}><bdi>${row.name}</bdi></button>` },
        count('right', t('evaluate.right')), count('wrong', t('evaluate.wrong')), figure('precision'), figure('recall'), figure('f1'),
        { id: 'average', title: t('evaluate.averagePrecision'), number: true, value: row => row.average, cell: row => percent(row.average) },
        count('support', t('evaluate.objects')),
      ]} />
    <${Curve} study=${study} label=${chosen} name=${chosen < 0 ? t('evaluate.allClasses') : summary.classes[chosen]} point=${chosen < 0 ? at.overall : at.perClass[chosen]} />
  </div>`;
}
