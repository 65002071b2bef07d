// Runs side by side: what they reached and how they differ, curves, metric against cost, the same images under each model.
import { html } from '/lib/preact.js';
import { downloadUrl, get } from '/base/api.js';
import { useChanges } from '/base/changes.js';
import { said, t } from '/base/i18n.js';
import { link, setParams } from '/base/router.js';
import { useLoaded } from '/base/store.js';
import { color, useTheme } from '/parts/colors.js';
import { Metric, metricValue } from '/parts/metric.js';
import { Empty, Failure, Skeleton } from '/parts/states.js';
import { Tabs } from '/parts/tabs.js';
import { CostTab } from '/views/compare-cost.js';
import { CurvesTab } from '/views/compare-curves.js';
import { ItemsTab } from '/views/compare-items.js';
import { SideTab } from '/views/compare-side.js';

const TABS = { side: SideTab, curves: CurvesTab, cost: CostTab, items: ItemsTab };

/** Runs are told apart by letters, too: not everybody tells colours apart. */
export const letter = index => String.fromCharCode(65 + index);

export default function Compare({ params }) {
  const paths = [...new Set(params.getAll('run'))];
  const enough = paths.length > 1;
  const { value, error, again } = useLoaded(() => (enough ? get('/api/compare', { run: paths }) : null), [paths.join('\n')]);
  const others = useLoaded(() => get('/api/runs'));
  useChanges(again, 3000, { fits: change => paths.includes(change?.run) });
  const tab = params.get('tab') in TABS ? params.get('tab') : 'side';
  const Shown = TABS[tab];
  const now = value && value.runs.length === paths.length ? value : null;
  return html`
    <div class="row spread"><h1>${enough ? t('compare.title', { n: paths.length }) : t('compare.none')}</h1>
      <div class="row"><a href=${link('/runs', { run: paths })}>${t('compare.back')}</a>
      ${now && html`<a role="button" class="small secondary" href=${downloadUrl('/api/download/report', { run: paths })} download>${t('compare.share')}</a>`}</div></div>
    <${Compared} runs=${now?.runs} paths=${paths} others=${others.value?.runs ?? []} />
    ${!enough && html`<${Empty} title=${t('compare.choose')}><p>${t('compare.chooseHow')}</p><a role="button" href=${link('/runs', { run: paths })}>${t('frame.runs')}</a><//>`}
    ${error && html`<${Failure} error=${error} again=${again} />`}
    ${enough && !now && !error && html`<${Skeleton} lines=${8} height="2rem" />`}
    ${now && html`<${Tabs} label=${t('compare.views')} name="compare" selected=${tab} onSelect=${id => setParams({ tab: id === 'side' ? null : id }, {})}
        tabs=${Object.keys(TABS).map(id => ({ id, title: t(`compare.${id}`) }))}>
      <${Shown} value=${now} params=${params} again=${again} /><//>`}`;
}

/** Which runs: each with its colour, a way to it, and a way out of the comparison. */
function Compared({ runs, paths, others }) {
  useTheme();
  const left = others.filter(run => !paths.includes(run.run));
  return html`<ul class="compared">
    ${paths.map((path, i) => {
      const run = runs?.[i];
      const name = run?.name ?? path.split('/').pop();
      return html`<li key=${path}><span class="dot" style=${{ background: color(i) }}>${letter(i)}</span>
        <a href=${link('/run', { run: path })}><bdi>${name}</bdi></a>
        ${run?.metric && html`<span class="soft"><${Metric} name=${run.metric} /> ${metricValue(run.metric, run.best)}</span>`}
        ${run?.problem && html`<span class="wrong" title=${said(run.problem)}>⚠<span class="sr-only">${said(run.problem)}</span></span>`}
        <button class="plain" aria-label=${t('compare.without', { name })} onClick=${() => setParams({ run: paths.filter(one => one !== path) })}>×</button></li>`;
    })}
    ${left.length > 0 && html`<li><select aria-label=${t('compare.add')} value="" onChange=${event => event.target.value && setParams({ run: [...paths, event.target.value] })}>
      <option value="">${t('compare.add')}</option>
      ${left.map(run => html`<option key=${run.run} value=${run.run}>${run.name}</option>`)}
    </select></li>`}
  </ul>`;
}
