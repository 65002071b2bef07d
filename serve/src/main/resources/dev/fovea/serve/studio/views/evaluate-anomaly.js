// An anomaly detector: scores of all images with a threshold, and the maps of those that score highest.
import { html, useEffect, useState } from '/lib/preact.js';
import { load, number, percent, t } from '/base/i18n.js';
import { setParams, useAddress } from '/base/router.js';
import { Examples, useJob } from '/parts/examples.js';
import { Histogram, colour, counted } from '/parts/plots.js';
import { Failure, Skeleton } from '/parts/states.js';
import { Tabs } from '/parts/tabs.js';

await load('evaluate-made');

const BINS = 48;
const SHOWN = 12;

export default function Anomaly({ run }) {
  const { value, error, again } = useJob('/api/anomaly/scores', { run }, [run]);
  const [threshold, setThreshold] = useState(null);
  const { params } = useAddress();
  const tab = params.get('tab') === 'all' ? 'all' : 'highest';
  const setTab = id => setParams({ tab: id });
  const asked = Number(params.get('threshold') || NaN);
  const scores = value?.items.map(one => one.score) ?? [];
  const least = scores.reduce((a, b) => Math.min(a, b), 0);
  const most = scores.reduce((a, b) => Math.max(a, b), value?.threshold ?? 0) * 1.05 || 1;
  useEffect(() => setThreshold(Number.isFinite(asked) ? asked : value?.threshold ?? most / 2), [value]);
  if (error) return html`<${Failure} error=${error} again=${again} />`;
  if (!value || threshold === null) return html`<${Skeleton} lines=${8} height="2rem" />`;
  const labels = [...new Set(value.items.map(one => one.label))].sort();
  const apart = labels.length > 1 && labels.length <= 4; // more than a few lie over each other
  const series = !apart ? [{ name: t('evaluate-made.images'), colour: colour(0), counts: counted(scores, least, most, BINS) }] : labels.map((label, i) => ({ name: label || t('evaluate-made.images'), colour: colour(i), counts: counted(value.items.filter(one => one.label === label).map(one => one.score), least, most, BINS) }));
  const flagged = value.items.filter(one => one.score > threshold);
  const highest = [...value.items].sort((a, b) => b.score - a.score).slice(0, SHOWN).map(one => one.index);
  return html`<h2>${t('evaluate-made.scores')}</h2>
    <p class="soft">${t('evaluate-made.scoresAbout')}</p>
    <${Histogram} series=${series} least=${least} most=${most} threshold=${threshold} axis=${t('evaluate-made.score')} label=${t('evaluate-made.scoresOf', { n: scores.length })} />
    <label class="slider">${t('evaluate-made.threshold')} <output>${number(threshold, 4)}</output>
      <input type="range" min=${least} max=${most} step=${(most - least) / 500} value=${threshold} onInput=${event => setThreshold(Number(event.target.value))} onChange=${event => setParams({ threshold: event.target.value })} /></label>
    <p aria-live="polite">${t('evaluate-made.flagged', { n: flagged.length, of: number(scores.length), share: percent(flagged.length / Math.max(1, scores.length)) })}
      ${value.threshold !== undefined && html` <button class="small secondary" onClick=${() => { setThreshold(value.threshold); setParams({ threshold: null }); }}>${t('evaluate-made.own', { value: number(value.threshold, 4) })}</button>`}</p>
    <${Tabs} label=${t('evaluate-made.images')} selected=${tab} onSelect=${setTab} tabs=${[{ id: 'highest', title: t('evaluate-made.highest') }, { id: 'all', title: t('evaluate-made.allImages') }]}>
      <${Examples} run=${run} indices=${tab === 'highest' ? highest : null} adjust=${values => ({ ...values, threshold, anomalous: values.score > threshold })} /><//>`;
}
