// Where a model errs: by what it is for, another view.
import { html } from '/lib/preact.js';
import { get, imported } from '/base/api.js';
import { t } from '/base/i18n.js';
import { link } from '/base/router.js';
import { useLoaded } from '/base/store.js';
import { Empty, Failure, Skeleton } from '/parts/states.js';
import { taskName } from '/parts/task-name.js';

export default function Evaluate({ params }) {
  const run = params.get('run') ?? '';
  if (!run) {
    return html`<h1>${t('evaluate.title')}</h1>
      <${Empty} title=${t('evaluate.noRun')}><p><a href="/runs">${t('evaluate.toRuns')}</a></p><//>`;
  }
  return html`<${OfRun} key=${run} run=${run} params=${params} />`;
}

function OfRun({ run, params }) {
  const { value: about, error, again } = useLoaded(() => get('/api/evaluate/kind', { run }), [run]);
  return html`
    <div class="row spread">
      <h1>${t('evaluate.of')} <bdi>${run.split('/').pop()}</bdi></h1>
      <nav class="row" aria-label=${t('evaluate.more')}>
        <a href=${link('/run', { run })}>${t('evaluate.run')}</a>
        <a href=${link('/try', { model: run })}>${t('evaluate.try')}</a>
        <a href=${link('/export', { run })}>${t('evaluate.export')}</a>
      </nav>
    </div>
    ${error && html`<${Failure} error=${error} again=${again} />`}
    ${!about && !error && html`<${Skeleton} lines=${6} height="2rem" />`}
    ${about && html`<${OfKind} key=${about.kind} about=${about} run=${run} params=${params} />`}`;
}

function OfKind({ about, run, params }) {
  const noView = () => t('evaluate.noView', { task: taskName(about.task) });
  const { value: module, error, again } = useLoaded(() => imported(`/views/evaluate-${about.kind}.js`, noView), [about.kind]);
  if (error) return html`<${Failure} error=${error} again=${again} />`;
  if (!module) return html`<${Skeleton} lines=${6} height="2rem" />`;
  return html`<${module.default} run=${run} about=${about} params=${params} />`;
}
