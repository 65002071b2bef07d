// An anomaly detector: scores of all images with a threshold, the images behind each bar, and the maps of those that score highest.
import { html, useEffect, useState } from '/lib/preact.js';
import { load, number, percent, t } from '/base/i18n.js';
import { setParams } from '/base/router.js';
import { Made } from '/parts/examples.js';
import { Slices, Spread, figureText } from '/parts/measured.js';
import { Study, useLatest } from '/parts/study.js';
import { Tabs } from '/parts/tabs.js';

await load('evaluate-made');

const TABS = ['highest', 'slices'];

export default function Anomaly({ run, about, params }) {
  return html`<${Study} run=${run} about=${about} params=${params}>${(summary, study) => html`<${Scores} summary=${summary} study=${study} params=${params} />`}<//>`;
}

function Scores({ summary, study, params }) {
  const figure = summary.figures[0];
  const own = figure.threshold;
  const asked = Number(params.get('threshold') || NaN);
  const most = 1.05 * Math.max(figure.most ?? 0, own ?? 0) || 1; // whatever is chosen: the scale stays under the thumb
  const start = Math.min(most, Number.isFinite(asked) ? asked : own ?? 2 * figure.mean);
  const [threshold, setThreshold] = useState(start);
  useEffect(() => setThreshold(start), [start]);
  const { value: at } = useLatest('/api/evaluate/at', { ...study, threshold });
  const tab = TABS.includes(params.get('tab')) ? params.get('tab') : 'highest';
  const adjust = values => ({ ...values, threshold, anomalous: values.score > threshold });
  const made = (query, title) => html`<${Made} study=${study} query=${query} title=${title} adjust=${adjust} />`;
  return html`<h2>${t('evaluate-made.scores')}</h2>
    <p class="soft">${t('evaluate-made.scoresAbout')}</p>
    <label class="slider">${t('evaluate-made.threshold')} <output>${figureText(figure, threshold)}</output>
      <input type="range" min="0" max=${most} step=${most / 500} value=${threshold} onInput=${event => setThreshold(Number(event.target.value))} onChange=${event => setParams({ threshold: event.target.value })} /></label>
    <p aria-live="polite">${at ? t('evaluate-made.flagged', { n: at.above, of: number(at.of), share: percent(at.above / Math.max(1, at.of)) }) : ' '}
      ${own !== undefined && html` <button class="small secondary" onClick=${() => { setThreshold(own); setParams({ threshold: null }); }}>${t('evaluate-made.own', { value: figureText(figure, own) })}</button>`}</p>
    <${Spread} study=${study} figure=${figure} params=${params} threshold=${threshold}>${made}<//>
    <${Tabs} label=${t('evaluate-made.images')} name="evaluate" selected=${tab} onSelect=${id => setParams({ tab: id, from: null })} tabs=${TABS.map(id => ({ id, title: t(id === 'slices' ? 'evaluate-made.tab_slices' : 'evaluate-made.highest') }))}>
      ${tab === 'highest' && params.get('bar') === null && made({ of: 'worst' }, t('evaluate-made.highest'))}
      ${tab === 'highest' && params.get('bar') !== null && html`<p><button class="small secondary" onClick=${() => setParams({ bar: null, from: null })}>${t('evaluate-made.closeBar')}</button></p>`}
      ${tab === 'slices' && html`<${Slices} study=${study} figure=${figure} params=${params}>${made}<//>`}
    <//>`;
}
