// Numbers predicted for images: against the true ones, and the images that are farthest off.
import { html } from '/lib/preact.js';
import { load, number, t } from '/base/i18n.js';
import { setParams, useAddress } from '/base/router.js';
import { Examples, useJob } from '/parts/examples.js';
import { Points } from '/parts/plots.js';
import { Failure, Skeleton } from '/parts/states.js';
import { Tabs } from '/parts/tabs.js';

await load('evaluate-made');

export default function Regression({ run }) {
  const { value, error, again } = useJob('/api/regression', { run }, [run]);
  const { params } = useAddress();
  if (error) return html`<${Failure} error=${error} again=${again} />`;
  if (!value) return html`<${Skeleton} lines=${8} height="2rem" />`;
  const at = Math.max(0, value.targets.findIndex(one => one.name === params.get('target')));
  const target = value.targets[at];
  const off = one => Math.abs(one.predicted[at] - one.truth[at]);
  const worst = [...value.items].sort((a, b) => off(b) - off(a)).slice(0, 12).map(one => one.index);
  const byIndex = new Map(value.items.map(one => [one.index, one]));
  const caption = item => {
    const one = byIndex.get(item.index);
    return one && t('evaluate-made.off', { name: target.name, truth: number(one.truth[at], 3), predicted: number(one.predicted[at], 3) });
  };
  const figures = html`<dl class="figures">${[['MAE', target.mae], ['RMSE', target.rmse], ['R²', target.r2], [t('evaluate-made.bias'), target.bias], [t('evaluate-made.meanMae'), target.meanMae]].map(([title, figure]) => html`<div key=${title}><dt>${title}</dt><dd>${number(figure, 4)}</dd></div>`)}</dl>`;
  const plot = html`${figures}<${Points} diagonal=${true} points=${value.items.map(one => ({ x: one.truth[at], y: one.predicted[at], title: `${one.name}: ${number(one.truth[at], 3)}, ${number(one.predicted[at], 3)}` }))}
    xTitle=${t('evaluate-made.truth')} yTitle=${t('evaluate-made.predicted')} label=${t('evaluate-made.scatterOf', { name: target.name })} />`;
  return html`${value.targets.length > 1
      ? html`<${Tabs} label=${t('evaluate-made.numbers')} selected=${`n${at}`} onSelect=${id => setParams({ target: value.targets[Number(id.slice(1))].name })} tabs=${value.targets.map((one, i) => ({ id: `n${i}`, title: one.name }))}>${plot}<//>`
      : plot}
    <h2>${t('evaluate-made.worst')}</h2>
    <${Examples} run=${run} indices=${worst} adjust=${() => ({ values: [] })} caption=${caption} />`;
}
