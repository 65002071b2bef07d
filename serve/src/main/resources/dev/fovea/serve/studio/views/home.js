// The first view: what the studio does in three steps, and the runs begun last.
import { html } from '/lib/preact.js';
import { get } from '/base/api.js';
import { useChanges } from '/base/changes.js';
import { date, t } from '/base/i18n.js';
import { link } from '/base/router.js';
import { useLoaded } from '/base/store.js';
import { Metric, metricValue } from '/parts/metric.js';
import { Model } from '/parts/model-name.js';
import { stateName } from '/parts/state-name.js';
import { Failure, Skeleton } from '/parts/states.js';

const STEPS = [
  { name: 'data', path: '/data' },
  { name: 'train', path: '/train' },
  { name: 'look', path: '/runs' },
  { name: 'try', path: '/try' },
];

export default function Home() {
  const { value, error, again } = useLoaded(() => get('/api/home'));
  useChanges(again);
  return html`
    <h1>${t('home.title')}</h1>
    <p class="lead">${t('home.lead')}</p>
    <ol class="steps">
      ${STEPS.map(
        (step, i) => html`<li key=${step.name}><a class="card" href=${step.path}>
          <span class="step" aria-hidden="true">${i + 1}</span>
          <strong>${t(`home.${step.name}`)}</strong>
          <span class="soft">${t(`home.${step.name}About`)}</span>
        </a></li>`,
      )}
    </ol>
    <section aria-labelledby="recent">
      <h2 id="recent">${t('home.recent')}</h2>
      ${error && html`<${Failure} error=${error} again=${again} />`}
      ${!value && !error && html`<${Skeleton} lines=${3} height="2.6rem" />`}
      ${value && value.runs.length === 0 && html`<p class="soft">${t('home.none')}</p>`}
      ${value && value.runs.length > 0 && html`<ul class="list">${value.runs.map(run => html`<${Run} key=${run.run} run=${run} />`)}</ul>
        ${value.count > value.runs.length && html`<p><a href="/runs">${t('home.all', { n: value.count })}</a></p>`}`}
    </section>`;
}

function Run({ run }) {
  const best = run.metric && run.best !== null && html`<${Metric} name=${run.metric} /> ${metricValue(run.metric, run.best)}`;
  return html`<li><a href=${link('/run', { run: run.run })}>
    <strong><bdi>${run.name}</bdi></strong>
    <span class="soft"><${Model} model=${run.model} />${run.data && html` · <bdi>${run.data}</bdi>`}</span>
    <span class="end">${best} <span class=${'state ' + run.state}>${stateName(run.state)}</span> <span class="soft">${date(run.started)}</span></span>
  </a></li>`;
}
