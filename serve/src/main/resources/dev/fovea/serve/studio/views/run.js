// One run as it goes, whoever started it: where it stands, its curves, its mistakes or samples, its log.
import { html, useEffect, useRef, useState } from '/lib/preact.js';
import { downloadUrl, get, imageUrl, onEvent, post, workspace } from '/base/api.js';
import { date, duration, number, percent, said, t } from '/base/i18n.js';
import { link } from '/base/router.js';
import { useStore } from '/base/store.js';
import { Curves } from '/parts/curves.js';
import { Metric, metricTitle, metricValue, speed } from '/parts/metric.js';
import { Model } from '/parts/model-name.js';
import { Picture } from '/parts/picture.js';
import { nowName } from '/parts/state-name.js';
import { Failure, Skeleton } from '/parts/states.js';
import { Tabs } from '/parts/tabs.js';
import { toast, toastError } from '/parts/toast.js';
import { NotesEditor } from '/views/runs-notes.js';

/** Of a chart, in pixels. */
const HEIGHT = 190;

/** Milliseconds between two looks at a run. */
const EVERY = 2000;

/** The run, asked for anew whenever its folder changes; the points of its curve are gathered. */
function useRun(run) {
  const [state, setState] = useState({ value: null, error: null });
  useEffect(() => {
    let wanted = true;
    let asking = false;
    let missed = false;
    let asked = 0;
    let points = [];
    let mark = '';
    let round = 0; // an answer that continues points which were given up is of no use
    setState({ value: null, error: null });
    const ask = async () => {
      if (asking) {
        missed = true;
        return;
      }
      asking = true;
      await new Promise(done => setTimeout(done, asked + EVERY - Date.now())); // who trains needs the processor
      if (!wanted) return;
      asked = Date.now();
      missed = false;
      const of = round;
      try {
        const { curve, ...value } = await get('/api/run/live', { run, after: mark });
        if (!wanted || of !== round) return;
        points = curve.anew ? curve.points : [...points, ...curve.points];
        mark = curve.mark;
        setState({ value: { ...value, steps: points }, error: null });
      } catch (error) {
        if (wanted) setState(was => ({ value: was.value, error }));
      } finally {
        asking = false;
        if (missed && wanted) ask();
      }
    };
    ask();
    const ends = [
      onEvent('run', changed => (changed?.run === run ? ask() : null)),
      onEvent('queue', ask),
      onEvent('again', () => {
        mark = '';
        round++;
        ask();
      }),
    ];
    return () => {
      wanted = false;
      ends.forEach(end => end());
    };
  }, [run]);
  return state;
}

export default function Run({ params }) {
  const run = params.get('run') || '';
  const { value, error } = useRun(run);
  return html`${!value
      ? html`<h1><bdi>${run || t('frame.runs')}</bdi></h1>${error ? html`<${Failure} error=${error} />` : html`<${Skeleton} lines=${6} height="4rem" />`}`
      : html`<${Shown} run=${run} value=${value} error=${error} />`}`;
}

function Shown({ run, value, error }) {
  const progress = value.progress;
  const gone = error?.status === 404;
  const state = value.starts ? 'starting' : value.state === 'running' ? (progress?.state ?? 'TRAINING').toLowerCase() : value.state;
  return html`
    <div class="run-head">
      <h1><bdi>${value.name}</bdi></h1>
      ${!gone && html`<${Buttons} run=${run} value=${value} />`}
    </div>
    <p class="soft"><${Model} model=${value.model} />${value.data && html` · <bdi>${value.data}</bdi>`} · ${date(value.started)}${value.held && !value.studio ? ` · ${t('run.elsewhere')}` : ''}</p>
    <${Notes} run=${{ run, note: value.note, tags: value.tags }} />
    ${gone && html`<p class="notice error" role="alert">${t('run.gone')} <a href="/runs">${t('frame.runs')}</a></p>`}
    ${error && !gone && html`<${Failure} error=${error} />`}
    ${value.problem && html`<p class="notice error"><bdi>${said(value.problem)}</bdi></p>`}
    <${Figures} value=${value} state=${state} />
    <${Charts} value=${value} />
    ${value.mistakes?.mistakes.length > 0 && html`<${Mistakes} run=${run} value=${value} />`}
    ${value.samples.length > 0 && html`<${Samples} run=${run} samples=${value.samples} />`}
    <${Results} value=${value} />
    <${Log} lines=${value.log} remarks=${value.remarks} />
    ${value.command && html`<p class="soft">${t('run.command')} <code>${value.command}</code></p>`}`;
}

/** What somebody wrote about the run; what is written now comes back with the next look at it. */
function Notes({ run }) {
  const own = useStore(workspace);
  const [open, setOpen] = useState(false);
  const button = useRef(null);
  const close = () => {
    setOpen(false);
    setTimeout(() => button.current?.focus());
  };
  return html`<div class="row run-notes">
      ${run.tags.map(tag => html`<span key=${tag} class="tag"><bdi>${tag}</bdi></span>`)}
      ${run.note && html`<bdi class="note">${run.note}</bdi>`}
      ${own?.writable !== false && html`<button ref=${button} class="small secondary" aria-expanded=${open} onClick=${() => setOpen(!open)}>${t('runs.write')}</button>`}
    </div>
    ${open && html`<${NotesEditor} run=${run} tags=${[]} onClose=${close} onSaved=${() => {}} />`}`;
}

function Buttons({ run, value }) {
  const own = useStore(workspace);
  const [busy, setBusy] = useState(false);
  const [more, setMore] = useState(false);
  const ask = (what, body = {}) => {
    setBusy(true);
    return post(`/api/run/${what}`, { run, ...body })
      .then(() => what === 'resume' && toast(t('run.queued')), toastError)
      .finally(() => setBusy(false));
  };
  const off = busy || own?.writable === false;
  const paused = value.progress?.state === 'PAUSED';
  const steps = ['TRAINING', 'VALIDATING', 'PAUSED'].includes(value.progress?.state);
  const coming = (value.asked === 'pause' && !paused) || value.asked === 'stop'; // after the step under way, which may take a while
  if (value.held) {
    const other = paused || value.asked === 'pause';
    return html`<div class="row">
      <span class="soft" role="status">${coming && t(`train.coming_${value.asked}`)}</span>
      <button class="secondary" disabled=${off || !steps || value.asked === 'stop'} onClick=${() => ask(other ? 'continue' : 'pause')}>${other ? t('train.goOn') : t('train.pause')}</button>
      <button class="secondary" disabled=${off || value.asked === 'stop' || (!steps && value.progress?.state !== 'PREPARING')} onClick=${() => ask('stop')}>${t('train.stop')}</button>
    </div>`;
  }
  if (value.starts) return null; // until it goes on nothing can be asked of it
  const over = ['finished', 'early'].includes(value.state);
  const further = event => {
    event.preventDefault();
    ask('resume', { epochs: Number(new FormData(event.target).get('epochs')) }).then(() => setMore(false));
  };
  return html`<div class="row">
    ${value.queued > 0 && html`<a href="/queue">${t('run.waits')}</a>`}
    ${!over && value.queued === 0 && html`<button disabled=${off} onClick=${() => ask('resume')}>${t('train.resume')}</button>`}
    ${over && value.queued === 0 && !more && html`<button class="secondary" disabled=${off} onClick=${() => setMore(true)}>${t('run.further')}</button>`}
    ${more && html`<form class="row" onSubmit=${further}><label for="epochs">${t('run.furtherTo')}</label>
      <input id="epochs" name="epochs" type="number" min=${value.epochs + 1} defaultValue=${2 * value.epochs} style=${{ width: '6rem', margin: 0 }} /><button disabled=${off}>${t('train.resume')}</button></form>`}
    ${value.saved && html`<a href=${link('/evaluate', { run })}>${t('run.evaluate')}</a>
      <a href=${link('/try', { model: run })}>${t('run.try')}</a><a href=${link('/export', { run })}>${t('run.export')}</a>`}
    <a href=${downloadUrl('/api/download/report', { run })} download>${t('run.share')}</a>
  </div>`;
}

function Figures({ value, state }) {
  const progress = value.progress;
  const now = value.starts ? null : progress; // until it goes on, the rest is of the last time
  const going = value.state === 'running' || value.starts;
  const epochs = progress?.epochs || value.epochs;
  const done = going ? Math.max(0, progress?.epoch ?? 0) : value.epochs;
  const share = progress?.steps ? Math.min(epochs, Math.max(0, progress.epoch - 1) + progress.step / progress.steps) : done;
  const words = nowName(state);
  const all = [
    ['state', words],
    ['epoch', epochs ? `${number(done)} / ${number(epochs)}` : number(done)],
    ...(value.metric && value.best !== null ? [[null, null, value.metric, metricValue(value.metric, value.best)]] : []),
    ['lossNow', number(progress?.train?.loss ?? null, 4)],
    ['speed', now?.imagesPerSecond != null ? speed(now.imagesPerSecond) : '–'],
    going ? ['timeLeft', now?.secondsLeft != null ? duration(now.secondsLeft) : '–'] : ['took', duration(value.seconds)],
    ...(going ? [['processor', percent(now?.processor ?? null, 0)]] : []),
  ];
  return html`${going && html`<progress class="run-progress" max=${epochs || 1} value=${['preparing', 'starting'].includes(state) ? undefined : share} aria-label=${words}></progress>`}
    <p class="sr-only" aria-live="polite">${words}, ${t('train.epochOf', { epoch: done, epochs })}</p>
    <dl class="figures-row">${all
      .filter(one => one[0] || one[2])
      .map(([key, shown, name, other]) => html`<div class="figure" key=${key ?? name}><dt>${key ? t(`run.${key}`) : html`${t('run.bestOf')} <${Metric} name=${name} />`}</dt><dd>${key ? shown : other}</dd></div>`)}</dl>`;
}

/** The names of metrics, the loss and what picks the best epoch first. */
function metricsOf(value) {
  const names = new Set();
  for (const row of value.history) {
    for (const key of Object.keys(row)) {
      const match = key.match(/^(train|validation)_(.+)$/);
      if (match) names.add(match[2]);
    }
  }
  const first = ['loss', value.metric].filter(name => names.has(name));
  return [...first, ...[...names].filter(name => !first.includes(name))];
}

/** Colours of the palette, as the comparison of runs has them. */
const TRAIN = 0;
const VALIDATION = 1;
const SPEED = 2;
const STEPS = 9;

function Charts({ value }) {
  const [smoothing, setSmoothing] = useState(0.6);
  const [more, setMore] = useState(false);
  const names = metricsOf(value);
  const steps = value.steps.filter(point => point.loss !== null && Number.isFinite(point.loss));
  const speeds = value.steps.filter(point => point.imagesPerSecond);
  const two = names.includes(value.metric) && value.metric !== 'loss' ? ['loss', value.metric] : names.slice(0, 2);
  const shown = more ? names : two.filter((name, i) => names.includes(name) && two.indexOf(name) === i);
  const lines = name => {
    const of = part => value.history.map(row => [row.epoch, row[`${part}_${name}`]]).filter(([, y]) => y !== undefined && y !== null);
    const all = [
      { id: 'train', name: t('run.train'), points: of('train'), color: TRAIN, smoothing: 0 },
      { id: 'validation', name: t('run.validation'), points: of('validation'), color: VALIDATION, smoothing: 0 },
    ];
    if (name === 'loss' && steps.length > 1) all.unshift({ id: 'steps', name: t('run.steps'), points: steps.map(point => [point.epochs, point.loss]), color: STEPS });
    return all.filter(line => line.points.length > 0);
  };
  const charts = names.length === 0 && steps.length > 1 ? ['loss'] : shown;
  return html`<section aria-labelledby="curves">
    <div class="row spread"><h2 id="curves">${t('run.curves')}</h2>
      <span class="smoothing"><label for="smoothing">${t('run.smoothing')}</label>
        <input id="smoothing" type="range" min="0" max="0.98" step="0.02" value=${smoothing} onInput=${event => setSmoothing(Number(event.target.value))} /></span></div>
    ${charts.length === 0 && speeds.length === 0 && html`<p class="soft">${t('run.noCurves')}</p>`}
    <div class="charts">${charts.map(name => html`<div key=${name} class="card"><${Curves} title=${metricTitle(name)} hint=${name} series=${lines(name)} x=${t('run.epochs')} smoothing=${name === 'loss' ? smoothing : 0} height=${HEIGHT} /></div>`)}
      ${speeds.length > 0 && (more || charts.length < 3) && html`<div key="speed" class="card"><${Curves} title=${t('run.speedChart')} x=${t('run.epochs')} smoothing=${smoothing} height=${HEIGHT}
        series=${[{ id: 'speed', name: t('run.speedChart'), color: SPEED, points: speeds.map(point => [point.epochs, point.imagesPerSecond]) }]} /></div>`}
    </div>
    ${names.length > two.length && html`<button class="small secondary" onClick=${() => setMore(!more)}>${more ? t('run.fewer') : t('run.more', { n: names.length - two.length })}</button>`}
  </section>`;
}

/** What the model that was saved comes to in validation. */
function Results({ value }) {
  const all = Object.entries(value.metrics ?? {});
  if (all.length === 0) return null;
  return html`<section aria-labelledby="results">
    <h2 id="results">${value.bestEpoch > 0 ? t('run.resultsOf', { epoch: value.bestEpoch }) : t('run.results')}</h2>
    <dl class="results">${all.map(([name, number]) => html`<div key=${name}><dt><${Metric} name=${name} /></dt><dd>${metricValue(name, number)}</dd></div>`)}</dl>
  </section>`;
}

function Mistakes({ run, value }) {
  const { epoch, mistakes } = value.mistakes;
  const [most, setMost] = useState(16);
  const [missing, setMissing] = useState(null);
  const explain = event =>
    fetch(event.target.src)
      .then(answer => (answer.ok ? null : answer.json()))
      .then(problem => setMissing(problem?.detail.replaceAll(`${workspace.get()?.path}/`, '') ?? null), () => {}); // the frame says that the studio does not answer
  return html`<section aria-labelledby="mistakes">
    <h2 id="mistakes">${value.state === 'running' ? t('run.mistakesNow', { epoch }) : t('run.mistakes', { epoch })}</h2>
    <p class="soft">${t('run.mistakesAbout')}</p>
    ${missing && html`<p class="notice"><bdi>${said(missing)}</bdi></p>`}
    <ul class="mistakes" onErrorCapture=${explain}>${mistakes.slice(0, most).map(
      one => html`<li key=${one.index}><${Picture} src=${imageUrl('/api/image/mistake', { run, index: one.index, size: 160 })} width="136" height="136" loading="lazy" alt=${t('run.mistakeAlt', one)} />
        <p><bdi>${one.truth}</bdi><br /><span class="soft">${t('run.takenFor')}</span> <bdi>${one.predicted}</bdi> <span class="soft">${percent(one.probability, 0)}</span></p></li>`,
    )}</ul>
    ${mistakes.length > most && html`<button class="small secondary" onClick=${() => setMost(64)}>${t('run.allMistakes', { n: mistakes.length })}</button>`}
  </section>`;
}

function Samples({ run, samples }) {
  const grids = samples.filter(name => name.endsWith('.png'));
  const [at, setAt] = useState(null);
  const index = at === null ? grids.length - 1 : Math.min(at, grids.length - 1);
  const file = grids[index];
  const epoch = Number(file?.match(/\d+/)?.[0] ?? 0);
  return html`<section class="samples" aria-labelledby="samples">
    <h2 id="samples">${t('run.samples')}</h2>
    <p class="soft">${t('run.samplesAbout')}</p>
    ${file && html`<img src=${imageUrl('/api/image/samples', { run, file })} alt=${t('run.samplesOf', { epoch })} width="480" height="480" />`}
    ${grids.length > 1 && html`<div class="field"><label for="samples-epoch">${t('run.samplesOf', { epoch })}</label>
      <input id="samples-epoch" type="range" min="0" max=${grids.length - 1} value=${index} onInput=${event => setAt(Number(event.target.value) === grids.length - 1 ? null : Number(event.target.value))} /></div>`}
  </section>`;
}

function Log({ lines, remarks }) {
  const [tab, setTab] = useState('remarks');
  const shown = tab === 'remarks' ? remarks : lines;
  return html`<section aria-labelledby="log"><h2 id="log">${t('run.log')}</h2>
    <${Tabs} label=${t('run.log')} name="log-tab" selected=${tab} onSelect=${setTab} tabs=${[{ id: 'remarks', title: t('run.remarks') }, { id: 'all', title: t('run.wholeLog') }]}>
      ${shown.length > 0 ? html`<pre class="log" tabindex="0"><bdi>${shown.join('\n')}</bdi></pre>` : html`<p class="soft">${t('run.noRemarks')}</p>`}
    <//></section>`;
}
