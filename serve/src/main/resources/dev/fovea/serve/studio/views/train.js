// The form of a training in steps: images, what to learn, by which network, few options; all else is folded away.
import { html, useMemo, useRef, useState } from '/lib/preact.js';
import { get, onEvent, post } from '/base/api.js';
import { useChanges } from '/base/changes.js';
import { has, listed, number, t } from '/base/i18n.js';
import { link, setParams } from '/base/router.js';
import { useLoaded } from '/base/store.js';
import { job } from '/parts/job.js';
import { Empty, Failure, Skeleton } from '/parts/states.js';
import { Tabs } from '/parts/tabs.js';
import { taskName } from '/parts/task-name.js';
import { useTyped } from '/parts/typed.js';
import { Start } from '/views/train-start.js';

const AUGMENT = {
  none: '[]',
  light: '[{type: crop, area: [0.6, 1]}, flip]',
  strong: '[{type: crop, area: [0.35, 1]}, flip, trivial-augment]',
};

/** What was found out about data sets, until one changes: a list or a corrected file may be of the same images. */
const looked = new Map();

onEvent('data', () => looked.clear());
onEvent('again', () => looked.clear());

function choices(path) {
  if (!looked.has(path)) {
    const coming = job('/api/train/choices', { path });
    looked.set(path, coming);
    coming.catch(() => looked.get(path) === coming && looked.delete(path));
  }
  return looked.get(path);
}

const keyOf = setting => setting.slice(0, setting.indexOf('='));
const valueOf = setting => setting.slice(setting.indexOf('=') + 1);

/** The settings with another value of one key; without it where the value is null. */
function changed(settings, key, value) {
  const others = settings.filter(one => keyOf(one) !== key);
  return value === null ? others : [...others, `${key}=${value}`];
}

const aboutTask = task => (has(`train.task_${task}_about`) ? t(`train.task_${task}_about`) : '');

function modelText(one) {
  const name = one.model.split(/[ (]/)[0];
  const key = `train.model_${name}${one.weights ? '_published' : ''}`;
  return has(key) ? t(key) : '';
}

export default function Train({ params }) {
  const path = params.get('path') || '';
  const sets = useLoaded(() => get('/api/data'));
  return html`
    <h1>${t('train.title')}</h1>
    <p class="lead">${t('train.lead')}</p>
    <${Step} n=${1} title=${t('train.stepData')}>
      <${Images} sets=${sets} path=${path} />
    <//>
    ${path && html`<${Rest} key=${path} path=${path} params=${params} />`}`;
}

function Step({ n, title, children }) {
  return html`<section class="train-step" aria-labelledby=${`step-${n}`}>
    <h2 id=${`step-${n}`}><span class="step" aria-hidden="true">${n}</span> ${title}</h2>
    <div>${children}</div>
  </section>`;
}

function Images({ sets, path }) {
  if (sets.error) return html`<${Failure} error=${sets.error} again=${sets.again} />`;
  if (!sets.value) return html`<${Skeleton} lines=${1} height="2.6rem" />`;
  const own = sets.value.sets ?? [];
  const builtIn = sets.value.builtIn ?? [];
  const known = [...own, ...builtIn].some(one => one.path === path);
  const choose = event => setParams({ path: event.target.value, task: null, model: null, weights: null, tune: null, set: null });
  return html`<div class="field">
    <label for="images">${t('train.images')}</label>
    <select id="images" value=${path} onChange=${choose}>
      <option value="" disabled selected=${!path}>${t('train.choose')}</option>
      ${own.length > 0 && html`<optgroup label=${t('train.own')}>${own.map(one => html`<option key=${one.path} value=${one.path} selected=${one.path === path}>${one.path}${one.images ? ` (${number(one.images)})` : ''}</option>`)}</optgroup>`}
      ${!known && path && html`<option value=${path} selected>${path}</option>`}
      <optgroup label=${t('train.builtIn')}>${builtIn.map(one => html`<option key=${one.path} value=${one.path} selected=${one.path === path}>${one.path}</option>`)}</optgroup>
    </select>
    <small>${t('train.imagesAbout')} <a href="/data">${t('train.addImages')}</a></small>
  </div>`;
}

function Rest({ path, params }) {
  const { value, error, again } = useLoaded(() => choices(path), [path]);
  useChanges(again, 2000, { kinds: ['data'], fits: changed => !changed?.path || path.startsWith(changed.path) });
  if (error) return html`<${Failure} error=${error} again=${again}><p><a href=${link('/data/problems', { path })}>${t('train.problems')}</a></p><//>`;
  if (!value) return html`<p class="soft" aria-live="polite">${t('train.looking')}</p><${Skeleton} lines=${4} height="2.6rem" />`;
  if (value.tasks.length === 0) return html`<${Empty} title=${t('train.nothing')} />`;
  return html`<${Form} path=${path} params=${params} found=${value} />`;
}

/** What the address says, and of the rest what is suggested. */
function planOf(path, params, fitting) {
  const model = params.get('model');
  const weights = params.get('weights') || '';
  const tune = params.get('tune') === '1';
  const suggested = fitting.models.find(one => one.model === model && one.weights === weights) ?? (model ? null : fitting.models[0]);
  const own = params.getAll('set');
  const base = suggested ?? { model, weights, fineTune: tune, settings: [] };
  const plain = suggested ? suggested.settings : [`task.type=${fitting.task}`];
  return {
    path,
    model: base.model,
    weights: model ? weights : base.weights,
    fineTune: model ? tune : base.fineTune,
    settings: own.length > 0 ? own : plain,
    suggested: suggested ?? { ...base, settings: plain },
  };
}

function Form({ path, params, found }) {
  const fitting = found.tasks.find(one => one.task === params.get('task')) ?? found.tasks[0];
  const plan = planOf(path, params, fitting);
  const set = next =>
    setParams({ task: fitting.task, model: next.model, weights: next.weights || null, tune: next.fineTune ? '1' : null, set: next.settings.length > 0 ? next.settings : [`task.type=${fitting.task}`] });
  const body = JSON.stringify({ path, model: plan.model, weights: plan.weights, fineTune: plan.fineTune, settings: plan.settings });
  const recipe = useRecipe(body);
  return html`
    <p class="soft">${t('train.found', { n: found.images, size: `${found.width} × ${found.height}` })}
      ${found.classes.length > 1 && found.classes.length <= 12 && html` <bdi>${listed(found.classes)}</bdi>`}
      ${found.classes.length > 12 && t('train.classes', { n: found.classes.length })}
      ${found.corrections && html` ${t('train.corrected')} <a href=${link('/data/view', { path })}><bdi>${found.corrections}</bdi></a>`}</p>
    <${Step} n=${2} title=${t('train.stepTask')}>
      <${Tasks} found=${found} fitting=${fitting} />
    <//>
    <${Step} n=${3} title=${t('train.stepModel')}>
      <${Networks} fitting=${fitting} plan=${plan} />
    <//>
    <${Step} n=${4} title=${t('train.stepOptions')}>
      ${recipe.error && html`<${Refused} plan=${plan} error=${recipe.error} again=${recipe.again} set=${set} />`}
      ${recipe.value
        ? html`<${Options} plan=${plan} found=${found} fitting=${fitting} recipe=${recipe.value} set=${set} />
            <${All} plan=${plan} recipe=${recipe.value} set=${set} />`
        : !recipe.error && html`<${Skeleton} lines=${4} height="2.6rem" />`}
    <//>
    <${Step} n=${5} title=${t('train.stepStart')}>
      <${Start} body=${body} recipe=${recipe.value} broken=${!!recipe.error} loading=${recipe.loading} />
    <//>`;
}

/** The recipe of a plan; while the next is read, or if it cannot be, the last that could. */
function useRecipe(body) {
  const coming = useLoaded(() => post('/api/train/recipe', JSON.parse(body)), [body]);
  const last = useRef(null);
  if (coming.value) last.current = coming.value;
  return { ...coming, value: coming.value ?? last.current };
}

/** Why there is no recipe, and the settings of which one is the reason, each to be taken back. */
function Refused({ plan, error, again, set }) {
  const usual = plan.suggested.settings;
  const own = plan.settings.filter(one => !usual.includes(one));
  const without = one => set({ ...plan, settings: changed(plan.settings, keyOf(one), usual.filter(other => keyOf(other) === keyOf(one)).map(valueOf)[0] ?? null) });
  return html`<${Failure} error=${error} again=${again}>
    ${own.length > 0 && html`<ul class="chips" aria-label=${t('train.ownSettings')}>${own.map(one => html`<li key=${one}>
      <button type="button" class="small secondary" aria-label=${t('train.without', { setting: one })} onClick=${() => without(one)}><bdi>${one}</bdi> ×</button></li>`)}</ul>`}
  <//>`;
}

function Tasks({ found, fitting }) {
  const choose = event => setParams({ task: event.target.value, model: null, weights: null, tune: null, set: null });
  const first = found.tasks.slice(0, 4);
  const shown = first.includes(fitting) ? first : [...first, fitting];
  const others = found.tasks.filter(one => !shown.includes(one));
  return html`<fieldset class="choices"><legend class="sr-only">${t('train.stepTask')}</legend>
      ${shown.map(
        one => html`<label key=${one.task} class="choice"><input type="radio" name="task" value=${one.task} checked=${one === fitting} onChange=${choose} />
          <span><strong>${taskName(one.task)}</strong><small>${aboutTask(one.task)}</small></span></label>`,
      )}
    </fieldset>
    ${others.length > 0 && html`<div class="field"><label for="other-task">${t('train.otherTask')}</label>
      <select id="other-task" onChange=${choose}><option value="" selected>${t('train.choose')}</option>
        ${others.map(one => html`<option key=${one.task} value=${one.task}>${t('frame.named', { name: taskName(one.task), what: aboutTask(one.task) })}</option>`)}
      </select></div>`}`;
}

function Networks({ fitting, plan }) {
  const choose = one =>
    setParams({ task: fitting.task, model: one.model, weights: one.weights || null, tune: one.fineTune ? '1' : null, set: null });
  const is = one => one.model === plan.model && one.weights === plan.weights;
  const own = !fitting.models.some(is);
  const names = fitting.others;
  const { reset, ...field } = useTyped(own ? plan.model : '');
  const other = event => {
    const name = event.target.value.trim();
    if (name && name !== plan.model) choose({ model: name, weights: '', fineTune: false });
    else reset();
  };
  return html`<fieldset class="choices"><legend class="sr-only">${t('train.stepModel')}</legend>
      ${fitting.models.map(
        one => html`<label key=${one.model + one.weights} class="choice"><input type="radio" name="model" checked=${is(one)} onChange=${() => choose(one)} />
          <span><strong><bdi>${one.model}</bdi>${one.weights && html` <span class="tag">${t('train.pretrained')}</span>`}</strong>
          <small>${modelText(one)} ${one.megabytes > 0 ? t('train.download', { mb: Math.round(one.megabytes) }) : ''}</small></span></label>`,
      )}
    </fieldset>
    <div class="field"><label for="other-model">${t('train.otherModel')}</label>
      <input id="other-model" list="networks" ...${field} placeholder=${t('train.otherModelHint')} autocomplete="off" spellcheck=${false} onChange=${other} />
      <datalist id="networks">${names.map(name => html`<option key=${name} value=${name}></option>`)}</datalist>
      <small>${t('train.otherModelAbout', { n: names.length })}</small></div>`;
}

function Options({ plan, found, fitting, recipe, set }) {
  const few = recipe.few;
  const usual = Object.fromEntries(recipe.fields.map(field => [field.key, field.usual]));
  const put = (key, value) => set({ ...plan, settings: changed(plan.settings, key, value) });
  const there = key => key in usual;
  return html`<div class="options">
    ${there('epochs') && html`<${Value} id="epochs" type="number" min="1" value=${few.epochs} put=${put} name="epochs" />`}
    ${there('input.size') && html`<${Value} id="size" value=${few['input.size']} put=${put} name="input.size" />`}
    ${there('batch') && html`<${Value} id="batch" type="number" min="1" value=${few.batch} put=${put} name="batch" />`}
    ${there('optimizer.lr') && html`<${Value} id="lr" value=${few['optimizer.lr']} put=${put} name="optimizer.lr" />`}
    <${Augmentation} plan=${plan} put=${put} />
    ${fitting.task === 'classification' && html`<${ClassWeights} plan=${plan} found=${found} recipe=${recipe} set=${set} />`}
    <${Weights} plan=${plan} fitting=${fitting} set=${set} />
  </div>`;
}

/** A text or number that takes effect when it is left. */
function Value({ id, name, value, put, type = 'text', ...more }) {
  const { reset, ...field } = useTyped(value);
  const leave = event => {
    const text = event.target.value.trim();
    if (text) put(name, text);
    if (!text || text === value) reset();
  };
  return html`<div class="field">
    <label for=${id}>${t(`train.${id}`)}</label>
    <input id=${id} type=${type} ...${field} onChange=${leave} aria-describedby=${id + '-about'} spellcheck=${false} autocomplete="off" ...${more} />
    <small id=${id + '-about'}>${t(`train.${id}About`)}</small>
  </div>`;
}

function Augmentation({ plan, put }) {
  const now = plan.settings.find(one => keyOf(one) === 'augment');
  const suggested = plan.suggested.settings.find(one => keyOf(one) === 'augment');
  const same = Object.entries(AUGMENT).find(([, value]) => now === `augment=${value}`)?.[0];
  const word = now === suggested ? 'suggested' : (same ?? 'own');
  const choose = event => {
    const to = event.target.value;
    if (to === 'suggested') put('augment', suggested ? valueOf(suggested) : null);
    else if (AUGMENT[to]) put('augment', AUGMENT[to]);
  };
  return html`<div class="field">
    <label for="augment">${t('train.augment')}</label>
    <select id="augment" value=${word} onChange=${choose} aria-describedby="augment-about">
      ${['suggested', 'none', 'light', 'strong', ...(word === 'own' ? ['own'] : [])].map(
        one => html`<option key=${one} value=${one} selected=${one === word}>${t(`train.augment_${one}`)}</option>`,
      )}
    </select>
    <small id="augment-about">${t('train.augmentAbout')}</small>
  </div>`;
}

function ClassWeights({ plan, found, recipe, set }) {
  const field = key => recipe.fields.find(one => one.key === key)?.value;
  const word = Number(field('task.reweight')) > 0 ? 'weights' : field('selection.sampling') === 'class-balanced' ? 'sampling' : 'none';
  const choose = event => {
    const to = event.target.value;
    const settings = changed(plan.settings, 'task.reweight', to === 'weights' ? '0.999' : null);
    set({ ...plan, settings: changed(settings, 'selection.sampling', to === 'sampling' ? 'class-balanced' : null) });
  };
  return html`<div class="field">
    <label for="balance">${t('train.balance')}</label>
    <select id="balance" value=${word} onChange=${choose} aria-describedby="balance-about">
      ${['none', 'weights', 'sampling'].map(one => html`<option key=${one} value=${one} selected=${one === word}>${t(`train.balance_${one}`)}</option>`)}
    </select>
    <small id="balance-about">${found.uneven ? t('train.balanceUneven') : t('train.balanceAbout')}</small>
  </div>`;
}

function Weights({ plan, fitting, set }) {
  const runs = useLoaded(() => get('/api/runs'));
  const own = (runs.value?.runs ?? []).filter(run => run.model === plan.model && run.state !== 'running');
  const published = fitting.models.some(one => one.weights && one.model === plan.model);
  const choose = event => set({ ...plan, weights: event.target.value, fineTune: event.target.value === 'imagenet' });
  const others = own.length > 0 || published || plan.weights;
  return html`<div class="field">
    <label for="weights">${t('train.weights')}</label>
    <select id="weights" value=${plan.weights} disabled=${!others} onChange=${choose} aria-describedby="weights-about">
      <option value="" selected=${!plan.weights}>${t('train.weights_none')}</option>
      ${published && html`<option value="imagenet" selected=${plan.weights === 'imagenet'}>${t('train.weights_imagenet')}</option>`}
      ${own.map(run => html`<option key=${run.run} value=${run.run} selected=${plan.weights === run.run}>${run.run}</option>`)}
    </select>
    <small id="weights-about">${t(others ? 'train.weightsAbout' : 'train.weightsNoneYet')}</small>
  </div>`;
}

/** Everything else: the recipe as fields, and as its text. */
function All({ plan, recipe, set }) {
  const [tab, setTab] = useState('fields');
  const [open, setOpen] = useState(false);
  return html`<details class="all" open=${open} onToggle=${event => setOpen(event.currentTarget.open)}>
    <summary>${t('train.all')}</summary>
    ${open && html`<${Tabs} label=${t('train.all')} name="recipe" selected=${tab} onSelect=${setTab}
        tabs=${[{ id: 'fields', title: t('train.asFields') }, { id: 'text', title: t('train.asText') }]}>
      ${tab === 'fields' ? html`<${Fields} plan=${plan} recipe=${recipe} set=${set} />` : html`<${Text} plan=${plan} recipe=${recipe} set=${set} />`}
    <//>`}
  </details>`;
}

function Fields({ plan, recipe, set }) {
  const groups = useMemo(() => {
    const all = new Map();
    for (const field of recipe.fields) {
      if (field.key === 'model') continue;
      const group = field.key.includes('.') ? field.key.slice(0, field.key.indexOf('.')) : '';
      all.set(group, [...(all.get(group) ?? []), field]);
    }
    return [...all];
  }, [recipe]);
  const put = (key, value) => set({ ...plan, settings: changed(plan.settings, key, value) });
  return html`<p class="soft">${t('train.fieldsAbout')}</p>
    <div class="fields">${groups.map(
      ([group, fields]) => html`<fieldset key=${group}><legend>${group || t('train.general')}</legend>
        ${fields.map(field => html`<${OneField} key=${field.key} field=${field} put=${put} />`)}</fieldset>`,
    )}</div>`;
}

function OneField({ field, put }) {
  const id = 'f-' + field.key.replace(/\W/g, '-');
  const isBoolean = field.value === 'true' || field.value === 'false';
  const differs = field.value !== field.usual;
  const { reset, ...typed } = useTyped(field.value);
  const leave = event => {
    const text = event.target.value.trim();
    put(field.key, text === '' && field.usual !== '' ? null : text || "''");
    if (text === field.value) reset();
  };
  return html`<div class=${'one-field' + (differs ? ' differs' : '')}>
    <label for=${id}>${field.key.slice(field.key.indexOf('.') + 1)}</label>
    ${isBoolean
      ? html`<input id=${id} type="checkbox" role="switch" checked=${field.value === 'true'} onChange=${event => put(field.key, String(event.target.checked))} />`
      : html`<input id=${id} ...${typed} onChange=${leave} spellcheck=${false} autocomplete="off" />`}
    ${differs && field.usual !== '' && html`<button type="button" class="plain small" title=${t('train.usual', { value: field.usual })} aria-label=${t('train.usualOf', { key: field.key, value: field.usual })} onClick=${() => put(field.key, null)}>↺</button>`}
  </div>`;
}

function Text({ plan, recipe, set }) {
  const area = useRef(null);
  const [error, setError] = useState(null);
  const take = () => {
    const body = { path: plan.path, model: plan.model, weights: plan.weights, fineTune: plan.fineTune, settings: [], text: area.current.value };
    post('/api/train/recipe', body).then(next => {
      setError(null);
      set({ ...plan, model: next.model, settings: next.settings });
    }, setError);
  };
  return html`<div class="field">
    <label for="recipe-yaml">${t('train.text')}</label>
    <textarea id="recipe-yaml" ref=${area} rows="24" spellcheck=${false} key=${recipe.text} defaultValue=${recipe.text}></textarea>
    ${error && html`<${Failure} error=${error} />`}
    <div class="row"><button type="button" class="secondary" onClick=${take}>${t('train.takeText')}</button></div>
  </div>`;
}
