// Exports of a model: as a file for other programs, as a package, or served on this machine.
import { html, useState } from '/lib/preact.js';
import { downloadUrl, get, post, workspace } from '/base/api.js';
import { bytes, number, percent, scientific, t } from '/base/i18n.js';
import { link, setParams } from '/base/router.js';
import { useLoaded, useStore } from '/base/store.js';
import { Copyable } from '/parts/copy.js';
import { job } from '/parts/job.js';
import { Metric } from '/parts/metric.js';
import { Figures } from '/parts/outcome.js';
import { Empty, Failure, Skeleton } from '/parts/states.js';
import { taskName } from '/parts/task-name.js';
import { useWishes } from '/parts/wishes.js';

/** What is chosen stands in the address, which knows words alone: yes, or nothing. */
const USUAL = { preprocessing: '', postprocessing: '', numbers: 'float32', calibration: '', layout: 'own' };
const LAYOUTS = ['own', 'timm', 'transformers'];

function Check({ id, label, about, value, onChange, disabled }) {
  return html`<div class="field"><label for=${id}><input id=${id} type="checkbox" checked=${value} disabled=${disabled} onChange=${event => onChange(event.target.checked)} /> ${label}</label>
    <small>${about}</small></div>`;
}

/** The name of data to measure ranges on: what lies in the workspace is offered. */
function Calibration({ value, onChange }) {
  const { value: found } = useLoaded(() => get('/api/data').catch(() => ({})), []);
  const sets = (found?.sets ?? []).map(one => one.path);
  return html`<div class="field"><label for="calibration">${t('export.calibration')}</label>
    <input id="calibration" list="calibration-data" value=${value} placeholder="flowers" onInput=${event => onChange(event.target.value.trim())} />
    <datalist id="calibration-data">${sets.map(one => html`<option key=${one} value=${one} />`)}</datalist>
    <small>${t('export.calibrationAbout')}</small></div>`;
}

function OnnxForm({ wish, set }) {
  return html`
    <${Check} id="preprocessing" label=${t('export.preprocessing')} about=${t('export.preprocessingAbout')} value=${wish.preprocessing} onChange=${preprocessing => set({ preprocessing })} />
    <${Check} id="postprocessing" label=${t('export.postprocessing')} about=${t('export.postprocessingAbout')} value=${wish.postprocessing} onChange=${postprocessing => set({ postprocessing })} />
    <div class="field"><label for="numbers">${t('export.numbers')}</label>
      <select id="numbers" value=${wish.numbers} onChange=${event => set({ numbers: event.target.value })}>
        ${['float32', 'half', 'int8'].map(one => html`<option key=${one} value=${one} selected=${one === wish.numbers}>${t('export.' + one)}</option>`)}
      </select><small>${t('export.numbersAbout')}</small></div>
    ${wish.numbers === 'int8' && html`<${Calibration} value=${wish.calibration} onChange=${calibration => set({ calibration })} />`}`;
}

function LayoutForm({ wish, set }) {
  return html`<div class="field"><label for="layout">${t('export.layout')}</label>
    <select id="layout" value=${wish.layout} onChange=${event => set({ layout: event.target.value })}>
      ${LAYOUTS.map(one => html`<option key=${one} value=${one} selected=${one === wish.layout}>${one === 'own' ? t('export.ownLayout') : one}</option>`)}
    </select><small>${t('export.layoutAbout')}</small></div>`;
}

/** What was written: where it lies, how large it is, what it costs, and programs that use it. */
function Written({ written, about }) {
  const metrics = Object.keys(written.float32 ?? {});
  return html`<section class="card" aria-labelledby="written" aria-live="polite">
    <h3 id="written">${t('export.written')}</h3>
    <p><a role="button" href=${downloadUrl('/api/download/export', { path: written.path })} download>${t('export.download')}</a> <bdi class="wrap">${written.path}</bdi></p>
    <${Figures} of=${[
      [t('export.size'), bytes(written.bytes)],
      [t('export.float32Size'), written.float32Bytes ? bytes(written.float32Bytes) : undefined],
      ['Opset', written.opset],
      [t('export.difference'), written.difference === undefined ? undefined : scientific(written.difference)],
      [t('export.tensors'), written.tensors],
      [t('export.outputsDiffer'), written.error === undefined || written.error === null ? undefined : percent(written.error, 2)],
    ]} />
    ${written.fixedSize && html`<p class="soft" title=${written.fixedSize}>${t('export.fixedSize', { size: `${about.width} × ${about.height}` })}</p>`}
    ${metrics.length > 0 && html`<div class="table"><table><caption class="sr-only">${t('export.cost')}</caption>
      <thead><tr><th scope="col">${t('export.metric')}</th><th scope="col" class="number">float32</th><th scope="col" class="number">int8</th></tr></thead>
      <tbody>${metrics.map(name => html`<tr key=${name}><td><${Metric} name=${name} /></td><td class="number">${number(written.float32[name], 4)}</td><td class="number">${number(written.int8[name], 4)}</td></tr>`)}</tbody></table></div>`}
    ${written.python && html`<h4>Python</h4><p class="soft">${t('export.needs')} <code>onnxruntime numpy pillow</code></p><${Copyable} text=${written.python} label="Python" />
      <h4>Java</h4><p class="soft">${t('export.needs')} <code>com.microsoft.onnxruntime:onnxruntime</code></p><${Copyable} text=${written.java} label="Java" />`}
  </section>`;
}

function Files({ about }) {
  const own = useStore(workspace);
  const [chosen, setChosen] = useWishes(about.run, { ...USUAL, format: about.formats[0] });
  const format = about.formats.includes(chosen.format) ? chosen.format : about.formats[0];
  const wish = { ...chosen, preprocessing: chosen.preprocessing === 'yes', postprocessing: chosen.postprocessing === 'yes' };
  const [state, setState] = useState({});
  const set = change => setChosen(Object.fromEntries(Object.entries(change).map(([name, value]) => [name, typeof value === 'boolean' ? (value ? 'yes' : '') : value])));
  if (about.formats.length === 0) return html`<p class="soft">${t('export.isFile')}</p>`;
  const write = async event => {
    event.preventDefault();
    setState({ busy: true });
    const { numbers, calibration, layout, preprocessing, postprocessing } = wish;
    const body = { run: about.run, format };
    if (format === 'onnx') Object.assign(body, { preprocessing, postprocessing, half: numbers === 'half', calibration: numbers === 'int8' ? calibration : '' });
    if (format === 'safetensors') body.layout = layout;
    try {
      setState({ written: await job('/api/export', body) });
    } catch (e) {
      setState(e.name === 'AbortError' ? {} : { error: e });
    }
  };
  const lacks = format === 'onnx' && wish.numbers === 'int8' && !wish.calibration;
  return html`<form onSubmit=${write}>
    <fieldset><legend>${t('export.format')}</legend>
      ${about.formats.map(one => html`<label key=${one}><input type="radio" name="format" value=${one} checked=${one === format} onChange=${() => set({ format: one })} /> <strong>${t(`export.format_${one}`)}</strong> <span class="soft">${t(`export.format_${one}About`)}</span></label>`)}
    </fieldset>
    ${format === 'onnx' && html`<${OnnxForm} wish=${wish} set=${set} />`}
    ${format === 'safetensors' && html`<${LayoutForm} wish=${wish} set=${set} />`}
    <button type="submit" disabled=${state.busy || lacks || own?.writable === false} aria-busy=${String(!!state.busy)}>${t('export.export')}</button>
  </form>
  ${state.error && html`<${Failure} error=${state.error} />`}
  ${state.written && html`<${Written} written=${state.written} about=${about} />`}`;
}

function Serving({ about }) {
  const { value, error, again } = useLoaded(() => get('/api/served'), [about.run]);
  const [busy, setBusy] = useState(false);
  const [failure, setFailure] = useState(null);
  const all = value?.served ?? [];
  const own = all.find(one => one.model === about.run);
  const others = all.filter(one => one.model !== about.run);
  const act = async work => {
    setBusy(true);
    setFailure(null);
    try {
      await work();
      again();
    } catch (e) {
      if (e.name !== 'AbortError') setFailure(e);
    } finally {
      setBusy(false);
    }
  };
  return html`
    <p class="soft">${t('export.serveAbout')}</p>
    ${error && html`<${Failure} error=${error} again=${again} />`}
    ${failure && html`<${Failure} error=${failure} />`}
    ${value && !own && html`<button aria-busy=${String(busy)} disabled=${busy} onClick=${() => act(() => job('/api/served', { run: about.run }))}>${t('export.serve')}</button>`}
    <div aria-live="polite">${own && html`<${Served} one=${own} busy=${busy} onStop=${() => act(() => post('/api/served/stop', { id: own.id }))} />`}</div>
    <h3>${t('export.command')}</h3>
    <${Copyable} text=${about.command} label=${t('export.command')} />
    ${others.length > 0 && html`<h3>${t('export.others')}</h3><ul class="served">${others.map(one => html`<li key=${one.id}><${Served} one=${one} busy=${busy} onStop=${() => act(() => post('/api/served/stop', { id: one.id }))} named=${true} /></li>`)}</ul>`}`;
}

function Served({ one, busy, onStop, named = false }) {
  return html`<div class="notice good">
    ${named && html`<p><strong><bdi>${one.model}</bdi></strong></p>`}
    <p>${t('export.servedAt')} <code id=${named ? undefined : 'served-address'} class="wrap">${one.address}</code></p>
    <${Copyable} text=${one.curl} label="curl" />
    <div class="row"><a href=${one.page} target="_blank" rel="noopener noreferrer">${t('export.page')}</a>
      <button class="small danger" disabled=${busy} onClick=${onStop}>${t('export.stopServing')}</button></div>
  </div>`;
}

function Choose() {
  const { value, error, again } = useLoaded(() => get('/api/models'));
  const all = value?.models ?? [];
  if (error) return html`<${Failure} error=${error} again=${again} />`;
  if (!value) return html`<${Skeleton} lines=${5} height="2.4rem" />`;
  if (all.length === 0) return html`<${Empty} title=${t('export.none')}><p><a href="/train" role="button">${t('frame.train')}</a></p><//>`;
  return html`<p>${t('export.choose')}</p><ul class="list">${all.map(model => html`<li key=${model.path}><a href=${link('/export', { run: model.path })}><strong><bdi>${model.path}</bdi></strong> <span class="soft">${model.task ? taskName(model.task) : model.problem}</span></a></li>`)}</ul>`;
}

function Model({ run }) {
  const { value: about, error, again } = useLoaded(() => get('/api/export', { run }), [run]);
  if (error) return html`<${Failure} error=${error} again=${again} />`;
  if (!about) return html`<${Skeleton} lines=${8} />`;
  return html`
    <p class="lead"><bdi>${run}</bdi> <span class="soft">${taskName(about.task)} · <bdi>${about.architecture}</bdi></span></p>
    <p class="row"><a href=${link('/try', { model: run })}>${t('export.try')}</a> <button class="plain small" onClick=${() => setParams({ run: null })}>${t('export.other')}</button></p>
    <div class="split">
      <section class="card" aria-labelledby="files"><h2 id="files">${t('export.files')}</h2><${Files} key=${run} about=${about} /></section>
      <section class="card" aria-labelledby="serving"><h2 id="serving">${t('export.serving')}</h2><${Serving} about=${about} /></section>
      <section class="card whole" aria-labelledby="java"><h2 id="java">${t('export.inJava')}</h2><${Copyable} text=${about.java} label=${t('export.inJava')} />
        <h3>${t('export.dependencies')}</h3><${Copyable} text=${about.dependencies} label=${t('export.dependencies')} /></section>
    </div>`;
}

export default function Export({ params }) {
  const run = params.get('run');
  return html`<h1>${t('export.title')}</h1>
    ${run ? html`<${Model} run=${run} />` : html`<${Choose} />`}`;
}
