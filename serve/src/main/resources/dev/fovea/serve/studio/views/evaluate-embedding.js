// Embeddings: how alike pairs of one identity and of two are, with a threshold, and the pairs that are hardest.
import { html, useEffect, useState } from '/lib/preact.js';
import { load, number, percent, t } from '/base/i18n.js';
import { setParams, useAddress } from '/base/router.js';
import { Metrics, useJob } from '/parts/examples.js';
import { Histogram } from '/parts/plots.js';
import { Failure, Skeleton } from '/parts/states.js';

await load('evaluate-made');

/** The share of pairs at or above `threshold`, of counts over -1 to 1. */
function above(counts, threshold) {
  const all = counts.reduce((sum, count) => sum + count, 0);
  const from = ((threshold + 1) / 2) * counts.length;
  let sum = 0;
  counts.forEach((count, i) => {
    sum += count * Math.max(0, Math.min(1, i + 1 - from));
  });
  return all ? sum / all : NaN;
}

function Pairs({ pairs }) {
  return html`<ul class="sheet">${pairs.map((pair, i) => html`<li class="card" key=${i}>
    <div class="twins"><img src=${pair.a} alt=${pair.names[0]} width="120" height="120" /><img src=${pair.b} alt=${pair.names[1]} width="120" height="120" /></div>
    <small><bdi>${pair.labels[0]}</bdi> · <bdi>${pair.labels[1]}</bdi></small><small>${t('evaluate-made.similarity', { value: number(pair.similarity, 3) })}</small></li>`)}</ul>`;
}

export default function Embedding({ run }) {
  const { value, error, again } = useJob('/api/pairs', { run }, [run]);
  const { params } = useAddress();
  const asked = Number(params.get('threshold') || NaN);
  const [threshold, setThreshold] = useState(Number.isFinite(asked) ? asked : 0.5);
  useEffect(() => {
    if (value?.threshold !== undefined && !Number.isFinite(asked)) setThreshold(value.threshold);
  }, [value]);
  if (error) return html`<${Failure} error=${error} again=${again} />`;
  if (!value) return html`<${Skeleton} lines=${8} height="2rem" />`;
  return html`<${Metrics} metrics=${value.metrics} />
    <h2>${t('evaluate-made.pairs')}</h2>
    <${Histogram} least=${-1} most=${1} threshold=${threshold} axis=${t('evaluate-made.cosine')} label=${t('evaluate-made.pairs')}
      series=${[{ name: t('evaluate-made.same'), counts: value.same, colour: '#009e73' }, { name: t('evaluate-made.different'), counts: value.different, colour: '#d55e00' }]} />
    <label class="slider">${t('evaluate-made.threshold')} <output>${number(threshold, 2)}</output><input type="range" min="-1" max="1" step="0.01" value=${threshold} onInput=${event => setThreshold(Number(event.target.value))} onChange=${event => setParams({ threshold: event.target.value })} /></label>
    <p aria-live="polite">${t('evaluate-made.accepted', { same: percent(above(value.same, threshold)), different: percent(above(value.different, threshold), 2) })}</p>
    <h2>${t('evaluate-made.leastAlike')}</h2><${Pairs} pairs=${value.leastAlike} />
    <h2>${t('evaluate-made.mostAlike')}</h2><${Pairs} pairs=${value.mostAlike} />`;
}
