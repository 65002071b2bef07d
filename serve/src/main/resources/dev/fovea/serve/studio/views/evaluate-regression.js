// Numbers predicted for images: against the true ones, in bars of the error, the images that are farthest off, slices.
import { html, useMemo, useState } from '/lib/preact.js';
import { get } from '/base/api.js';
import { load, number, t } from '/base/i18n.js';
import { setParams } from '/base/router.js';
import { FigureChoice, Slices, Spread, chosenFigure } from '/parts/measured.js';
import { Points } from '/parts/plots.js';
import { Failure, Skeleton } from '/parts/states.js';
import { Figures, Images, Large, Study, useLatest } from '/parts/study.js';
import { Tabs } from '/parts/tabs.js';
import { toastError } from '/parts/toast.js';

await load('evaluate-made');

const TABS = ['scatter', 'errors', 'worst', 'slices'];

export default function Regression({ run, about, params }) {
  return html`<${Study} run=${run} about=${about} params=${params}>${(summary, study) => html`<${Numbers} summary=${summary} study=${study} params=${params} />`}<//>`;
}

function Numbers({ summary, study, params }) {
  const figure = chosenFigure(summary, params);
  const at = summary.figures.indexOf(figure);
  const target = summary.targets[at];
  const tab = TABS.includes(params.get('tab')) ? params.get('tab') : 'scatter';
  const [open, setOpen] = useState(null);
  const caption = item => t('evaluate-made.off', { name: figure.name, truth: number(item.truth[at], 3), predicted: number(item.predicted[at], 3) });
  const images = (query, title) => html`<${Images} study=${study} query=${query} title=${title} caption=${caption} onOpen=${setOpen} />`;
  return html`
    <${FigureChoice} figures=${summary.figures} chosen=${figure} label=${t('evaluate-made.number')} />
    <${Figures} items=${[['MAE', target.mae], ['RMSE', target.rmse], ['R²', target.r2], [t('evaluate-made.bias'), target.bias], [t('evaluate-made.meanMae'), target.meanMae]].map(([name, value]) => ({ name, value: number(value, 4) }))} />
    <${Tabs} label=${t('evaluate.title')} name="evaluate" selected=${tab} onSelect=${id => setParams({ tab: id })} tabs=${TABS.map(id => ({ id, title: t(`evaluate-made.tab_${id}`) }))}>
      ${tab === 'scatter' && html`<${Scattered} study=${study} figure=${figure} onOpen=${setOpen} />`}
      ${tab === 'errors' && html`<p class="soft">${t('evaluate-made.errorsAbout')}</p><${Spread} study=${study} figure=${figure} params=${params}>${images}<//>`}
      ${tab === 'worst' && images({ of: 'worst', figure: figure.name }, t('evaluate-made.worst'))}
      ${tab === 'slices' && html`<${Slices} study=${study} figure=${figure} params=${params}>${images}<//>`}
    <//>
    ${open && html`<${Large} key=${open.answer} study=${study} summary=${summary} item=${open} onClose=${() => setOpen(null)} classes=${summary.classes} plainValue=${true}>
      <table class="plain-table"><thead><tr><th scope="col">${t('evaluate-made.number')}</th><th scope="col" class="number">${t('evaluate-made.truth')}</th><th scope="col" class="number">${t('evaluate-made.predicted')}</th></tr></thead>
        <tbody>${summary.classes.map((name, i) => html`<tr key=${name}><th scope="row"><bdi>${name}</bdi></th><td class="number">${number(open.truth[i], 3)}</td><td class="number">${number(open.predicted[i], 3)}</td></tr>`)}</tbody></table>
    <//>`}`;
}

/** A click on a point opens its image, or Enter where the arrows have led. */
function Scattered({ study, figure, onOpen }) {
  const { value, error, again } = useLatest('/api/evaluate/spread', { ...study, figure: figure.name });
  const points = useMemo(() => value?.points.map(([x, y]) => ({ x, y, title: `${number(x, 3)}, ${number(y, 3)}` })), [value]);
  if (error && !value) return html`<${Failure} error=${error} again=${again} />`;
  if (!value) return html`<${Skeleton} lines=${1} height="24rem" />`;
  const open = i => get('/api/evaluate/item', { ...study, answer: value.points[i][2] }).then(onOpen, toastError);
  return html`<p class="soft">${t('evaluate-made.scatterAbout')}</p>
    <${Points} diagonal=${true} onPick=${open} points=${points}
      xTitle=${t('evaluate-made.truth')} yTitle=${t('evaluate-made.predicted')} label=${t('evaluate-made.scatterOf', { name: figure.name })} />`;
}
