// Models tried on an image, the webcam or on nothing but a seed, several side by side.
import { html, useCallback, useEffect, useRef, useState } from '/lib/preact.js';
import { get, stream } from '/base/api.js';
import { duration, milliseconds, number, t } from '/base/i18n.js';
import { link, setParams } from '/base/router.js';
import { useLoaded } from '/base/store.js';
import { Brush } from '/parts/brush.js';
import { Camera } from '/parts/camera.js';
import { Dropzone } from '/parts/dropzone.js';
import { readImage } from '/parts/image-file.js';
import { Outcome } from '/parts/outcome.js';
import { Empty, Failure, Skeleton } from '/parts/states.js';
import { lastName, taskName } from '/parts/task-name.js';
import { toastError } from '/parts/toast.js';
import { useWishes } from '/parts/wishes.js';
import { Why } from '/parts/why.js';
import { Generate } from '/views/try-generate.js';

function Choice({ all, chosen, onChange }) {
  const usable = all.filter(model => (model.images || model.generates) && !chosen.includes(model.path));
  const named = path => all.find(model => model.path === path);
  return html`<div class="chips">
    ${chosen.map(path => html`<span class="chip" key=${path}><bdi title=${path}>${named(path)?.name ?? path}</bdi>
      <button class="plain" aria-label=${t('try.remove', { model: path })} onClick=${() => onChange(chosen.filter(one => one !== path))}>×</button></span>`)}
    <label class="sr-only" for="add-model">${t('try.add')}</label>
    <select id="add-model" value="" onChange=${event => { if (event.target.value) onChange([...chosen, event.target.value]); event.target.value = ''; }}>
      <option value="">${t(chosen.length ? 'try.addAnother' : 'try.add')}</option>
      ${usable.map(model => html`<option key=${model.path} value=${model.path}>${model.path} · ${taskName(model.task)}</option>`)}
    </select>
  </div>`;
}

/** What one model makes of the image of the page. */
function Attempt({ model, source, live }) {
  const { value: about, error, again } = useLoaded(() => get('/api/model', { model }), [model]);
  const [state, setState] = useState({});
  const [dials, setDials] = useWishes(model, Object.fromEntries((about?.dials ?? []).map(dial => [dial.name, dial.usual])));
  const [why, setWhy] = useWishes(model, { method: '', class: '' });
  const [mask, setMask] = useState(null);
  const [other, setOther] = useState(null);
  const asked = useRef(null);
  const chosen = Object.fromEntries((about?.dials ?? []).map(dial => [dial.name, dials[dial.name]]).filter(([name, value]) => value !== about.dials.find(one => one.name === name).usual));
  const ready = about && !about.noImages && source && (!about.masked || mask);
  useEffect(() => {
    if (!ready) return undefined;
    const abort = new AbortController();
    asked.current = abort;
    setState(was => ({ ...was, busy: true, error: null }));
    const done = source.begun?.() ?? (() => {});
    stream('/api/try', { model, image: source.address, mask, dials: chosen, other: other?.address }, (event, outcome) => event === 'outcome' && setState({ outcome, source }), { signal: abort.signal })
      .catch(e => e.name !== 'AbortError' && setState({ error: e }))
      .finally(() => {
        if (asked.current === abort) setState(was => ({ ...was, busy: false }));
        done();
      });
    return () => abort.abort();
  }, [ready, source, mask, JSON.stringify(chosen), other]);
  useEffect(() => setMask(null), [source]);
  const shown = state.source ?? source;
  return html`<article class="card" aria-busy=${String(!!state.busy)} data-model=${model}>
    <header class="row spread"><h2><bdi title=${model}>${lastName(model)}</bdi></h2>
      <span class="soft">${taskName(about?.task)} ${state.busy && !live ? html`<span class="state running">${t('try.working')}</span> <button class="small secondary" onClick=${() => asked.current?.abort()}>${t('frame.stop')}</button>` : ''}</span></header>
    ${error && html`<${Failure} error=${error} again=${again} />`}
    ${!about && !error && html`<${Skeleton} lines=${4} />`}
    ${about?.dials?.map(dial => html`<${Dial} key=${dial.name} dial=${dial} value=${dials[dial.name]} onChange=${value => setDials({ [dial.name]: value })} />`)}
    ${about?.masked && source?.width > 0 && html`<${Brush} src=${source.address} width=${source.width} height=${source.height} onMask=${setMask} />`}
    ${about?.compares && html`<${Dropzone} label=${t('try.compare')} multiple=${false} onFiles=${files => readImage(files[0].file, files[0].path).then(setOther, toastError)} />
      ${other && html`<img src=${other.address} alt=${other.name} class="pixelated" width="96" height="96" />`}`}
    ${state.error && html`<${Failure} error=${state.error} />`}
    ${about && !state.outcome && !state.error && html`<p class="waiting">${about.noImages ? t('try.noImages') : t(about.masked && source ? 'try.paintFirst' : 'try.dropFirst')}</p>`}
    ${state.outcome && html`<div aria-live=${live ? 'off' : 'polite'}>
      <${Outcome} outcome=${state.outcome} source=${shown.address} fileBytes=${shown.bytes} />
      <p class="soft">${t('try.took', { time: state.outcome.seconds < 1 ? milliseconds(state.outcome.seconds * 1000) : duration(state.outcome.seconds) })}</p>
    </div>`}
    ${about?.methods.length > 0 && state.outcome && html`<${Why} methods=${about.methods} classes=${about.classes} plainValue=${about.task === 'regression'} choice=${why} onChoice=${setWhy} keys=${[live || shown]}
      ask=${(wish, onProgress, signal) => explained(model, shown.address, wish, onProgress, signal)} />`}
    <p><a href=${link('/export', { run: model })}>${t('try.export')}</a></p>
  </article>`;
}

/** The heat map of an image by one model; ended by the signal. */
async function explained(model, image, wish, onProgress, signal) {
  let found = null;
  await stream('/api/try/explain', { model, image, ...wish }, (event, value) => {
    if (event === 'progress') onProgress(value);
    if (event === 'explanation') found = value;
  }, { signal });
  return found;
}

function Dial({ dial, value, onChange }) {
  const known = t(`try.dial_${dial.name}`);
  return html`<label class="slider">${known.startsWith('try.') ? dial.name : known} <output>${number(value, 2)}</output>
    <input name=${dial.name} type="range" min=${dial.least} max=${dial.most} step=${dial.step} value=${value} onChange=${event => onChange(Number(event.target.value))} /></label>`;
}

export default function Try({ params }) {
  const { value, error, again } = useLoaded(() => get('/api/models'));
  const [source, setSource] = useState(null);
  const [camera, setCamera] = useState(false);
  const chosen = params.getAll('model');
  const all = value?.models ?? [];
  useEffect(() => {
    const first = all.find(model => model.images || model.generates);
    if (chosen.length === 0 && first) setParams({ model: [first.path] });
  }, [value]);
  const take = useCallback(async files => {
    try {
      setCamera(false);
      setSource(await readImage(files[0].file, files[0].path));
    } catch (e) {
      toastError(e);
    }
  }, []);
  const kinds = chosen.map(path => all.find(model => model.path === path)).filter(Boolean);
  const pictures = kinds.filter(model => model.images);
  const generators = kinds.filter(model => model.generates);
  const broken = kinds.filter(model => model.problem);
  const frame = async blob => {
    const next = await readImage(blob, 'webcam');
    let open = 0; // models that work on this picture: those that cannot take it do not hold up the next
    await new Promise(done => {
      const over = () => --open <= 0 && done();
      setSource({ ...next, begun: () => { open++; return over; } });
      setTimeout(() => open === 0 && done(), 150);
      setTimeout(done, 5000); // a model that takes long does not stop the camera
    });
  };
  const missing = value ? chosen.filter(path => !all.some(model => model.path === path)) : [];
  return html`<h1>${t('try.title')}</h1>
    <p class="lead">${t('try.lead')}</p>
    ${error && html`<${Failure} error=${error} again=${again} />`}
    ${!value && !error && html`<${Skeleton} lines=${6} />`}
    ${value && all.length === 0 && html`<${Empty} title=${t('try.none')}><p>${t('try.noneAbout')}</p><p><a href="/train" role="button">${t('frame.train')}</a></p><//>`}
    ${value && all.length > 0 && html`<${Choice} all=${all} chosen=${chosen} onChange=${model => setParams({ model })} />`}
    ${missing.map(path => html`<${Failure} key=${path} error=${new Error(t('try.missing', { model: path }))} />`)}
    ${broken.map(model => html`<${Failure} key=${model.path} error=${new Error(model.problem)} />`)}
    ${pictures.length > 0 && html`<div class="source">
      <${Dropzone} onFiles=${take} label=${t('try.drop')} multiple=${false} paste=${true}>
        <p><button class="secondary" aria-pressed=${String(camera)} onClick=${() => setCamera(!camera)}>${t('try.webcam')}</button></p>
      <//>
      <div class="preview">
        ${camera && html`<${Camera} onPicture=${frame} onClose=${() => setCamera(false)} />`}
        ${!camera && source && html`<img src=${source.address} alt="" width=${source.width || 160} height=${source.height || 160} /><small class="soft"><bdi>${source.name}</bdi> ${source.width ? `${source.width} × ${source.height}` : ''}</small>`}
      </div>
    </div>`}
    <div class="try-panels">
      ${pictures.map(model => html`<${Attempt} key=${'image ' + model.path} model=${model.path} source=${source} live=${camera} />`)}
      ${generators.map(model => html`<${Generate} key=${'make ' + model.path} model=${model.path} />`)}
    </div>`;
}
