// Embeddings: how alike pairs of one identity and of two are, with a threshold, the pairs behind each bar, and those that are hardest.
import { html, useEffect, useState } from '/lib/preact.js';
import { imageUrl } from '/base/api.js';
import { load, number, percent, t } from '/base/i18n.js';
import { setParams } from '/base/router.js';
import { color, useTheme } from '/parts/colors.js';
import { Slices, figureText } from '/parts/measured.js';
import { Histogram } from '/parts/plots.js';
import { Failure, Skeleton } from '/parts/states.js';
import { Figures, Images, Large, Study, shortName, useLatest } from '/parts/study.js';
import { Tabs } from '/parts/tabs.js';

await load('evaluate-made');

const TABS = ['pairs', 'missed', 'slices'];
const METRICS = ['rank1', 'rank5', 'eer', 'auroc'];
const COLOURS = { same: 2, different: 1 }; // of the palette: green and red

export default function Embedding({ run, about, params }) {
  return html`<${Study} run=${run} about=${about} params=${params}>${(summary, study) => html`<${Similar} summary=${summary} study=${study} params=${params} />`}<//>`;
}

function Similar({ summary, study, params }) {
  const tab = TABS.includes(params.get('tab')) ? params.get('tab') : 'pairs';
  const figure = summary.figures[0];
  const [open, setOpen] = useState(null);
  const caption = item => html`<bdi>${item.label}</bdi>${item.nearest && html` → <bdi>${item.nearest.label}</bdi>`}`;
  const images = (query, title) => html`<${Images} study=${study} query=${query} title=${title} caption=${caption} onOpen=${setOpen} />`;
  return html`
    <${Figures} items=${METRICS.filter(name => summary.metrics[name] !== undefined).map(name => ({ name: t(`evaluate-made.metric_${name}`), value: percent(summary.metrics[name]) }))} />
    <${Tabs} label=${t('evaluate.title')} name="evaluate" selected=${tab} onSelect=${id => setParams({ tab: id, from: null })} tabs=${TABS.map(id => ({ id, title: t(`evaluate-made.tab_${id}`) }))}>
      ${tab === 'pairs' && html`<${Pairs} summary=${summary} study=${study} params=${params} />`}
      ${tab === 'missed' && images({ of: 'worst' }, t('evaluate-made.missedFirst'))}
      ${tab === 'slices' && html`<${Slices} study=${study} figure=${figure} params=${params}>${images}<//>`}
    <//>
    ${open && html`<${Large} key=${open.answer} study=${study} summary=${summary} item=${open} onClose=${() => setOpen(null)}>
      ${open.nearest && html`<h3>${t('evaluate-made.mostSimilar')}</h3><p><bdi>${open.nearest.label}</bdi> · <bdi>${shortName(open.nearest.name)}</bdi></p>
        <img src=${imageUrl('/api/image/evaluated', { ...study, answer: open.nearest.answer, size: 320 })} alt=${shortName(open.nearest.name)} class="nearest" />`}
      <p>${figureText(figure, open.figures.rank1)} <span class="soft">${t('evaluate-made.metric_rank1')}</span></p><//>`}`;
}

function Pairs({ summary, study, params }) {
  useTheme();
  const { value, error, again } = useLatest('/api/evaluate/similarities', study);
  const asked = Number(params.get('threshold') || NaN);
  const start = Number.isFinite(asked) ? asked : summary.threshold ?? 0.5;
  const [threshold, setThreshold] = useState(start);
  useEffect(() => setThreshold(start), [start]);
  const { value: at } = useLatest('/api/evaluate/at', { ...study, threshold });
  if (error) return html`<${Failure} error=${error} again=${again} />`;
  if (!value) return html`<${Skeleton} lines=${1} height="15rem" />`;
  const bar = params.get('bar') === null ? null : Math.min(value.same.length - 1, Math.max(0, Math.floor(Number(params.get('bar'))) || 0));
  const edge = i => number(value.least + i * value.step, 3);
  return html`
    <label class="slider">${t('evaluate-made.threshold')} <output>${number(threshold, 2)}</output><input type="range" min="-1" max="1" step="0.01" value=${threshold} onInput=${event => setThreshold(Number(event.target.value))} onChange=${event => setParams({ threshold: event.target.value })} /></label>
    <p aria-live="polite">${at ? t('evaluate-made.accepted', { same: percent(at.same), different: percent(at.different, 2) }) : ' '}
      ${summary.threshold !== undefined && html` <button class="small secondary" onClick=${() => setParams({ threshold: null })}>${t('evaluate-made.own', { value: number(summary.threshold, 2) })}</button>`}</p>
    <${Histogram} least=${value.least} step=${value.step} threshold=${threshold} axis=${t('evaluate-made.cosine')} label=${t('evaluate-made.pairs')} selected=${bar}
      series=${['same', 'different'].map(kind => ({ name: t(`evaluate-made.${kind}`), counts: value[kind], colour: color(COLOURS[kind]) }))}
      say=${n => t('evaluate-made.pairCount', { n })} onPick=${i => setParams({ bar: i === bar ? null : i })} />
    ${bar !== null && ['same', 'different'].filter(kind => value[kind][bar] > 0).map(kind => html`<${Found} key=${kind} study=${study} same=${kind === 'same' ? 1 : 0} bar=${bar}
      title=${t('evaluate-made.barPairs', { kind: t(`evaluate-made.${kind}`), from: edge(bar), to: edge(bar + 1) })} />`)}
    ${bar === null && html`<${Found} study=${study} same=${1} title=${t('evaluate-made.leastAlike')} /><${Found} study=${study} same=${0} title=${t('evaluate-made.mostAlike')} />`}`;
}

function Found({ study, same, bar = null, title }) {
  const { value, error, again } = useLatest('/api/evaluate/pairs', { ...study, same, bar });
  const picture = one => html`<img src=${imageUrl('/api/image/evaluated', { ...study, answer: one.answer, size: 160 })} alt=${shortName(one.name)} title=${one.name} loading="lazy" width="120" height="120" />`;
  return html`<section class="found-pairs"><h2 class="minor">${title}${bar !== null && value ? html` <span class="soft">${number(value.count)}</span>` : ''}</h2>
    ${error && html`<${Failure} error=${error} again=${again} />`}
    ${!value && !error && html`<${Skeleton} lines=${1} height="9rem" />`}
    ${value?.count === 0 && html`<p class="soft">${t('evaluate-made.noPairs')}</p>`}
    ${value && html`<ul class="sheet pairs">${value.pairs.map((pair, i) => html`<li class="card" key=${i}><div class="twins">${pair.images.map(picture)}</div>
      <small><bdi>${pair.images[0].label}</bdi> · <bdi>${pair.images[1].label}</bdi></small><small>${t('evaluate-made.similarity', { value: number(pair.similarity, 3) })}</small></li>`)}</ul>`}
  </section>`;
}
