// The same validation images under the models of several runs.
import { html, useEffect, useMemo, useRef, useState } from '/lib/preact.js';
import { imageUrl } from '/base/api.js';
import { number, percent, said, t } from '/base/i18n.js';
import { setParams } from '/base/router.js';
import { color, useTheme } from '/parts/colors.js';
import { Dialog } from '/parts/dialog.js';
import { job } from '/parts/job.js';
import { Metric, metricName, metricValue, plain } from '/parts/metric.js';
import { toastError } from '/parts/toast.js';
import { letter } from '/views/compare.js';

const PAGE = 48;
const MOST = 4;

/** Images as small as these are shown pixel by pixel. */
const TINY = 64;

/** What was found is kept as long as the page is open: it took a while. */
const found = new Map();

export function ItemsTab({ value, params }) {
  const paths = value.runs.map(run => run.run);
  const key = paths.join('\n');
  const [result, setResult] = useState(found.get(key) ?? null);
  const [busy, setBusy] = useState(false);
  const now = useRef(key);
  now.current = key;
  useEffect(() => setResult(found.get(key) ?? null), [key]);
  const forget = () => {
    found.delete(key);
    setResult(null);
  };
  const ask = async () => {
    setBusy(true);
    try {
      const answer = await job('/api/compare/items', { runs: paths });
      found.set(key, answer);
      if (now.current === key) setResult(answer); // else other runs are compared by now
    } catch (error) {
      toastError(error);
    }
    setBusy(false);
  };
  if (paths.length > MOST) return html`<p class="soft">${t('compare.tooMany', { n: MOST })}</p>`;
  if (!result || result.items[0]?.scores.length !== paths.length) {
    return html`<p>${t('compare.itemsWhy')}</p>
      <button disabled=${busy} aria-busy=${busy} onClick=${ask}>${t('compare.ask', { n: paths.length })}</button>`;
  }
  return html`<${Found} result=${result} runs=${value.runs} params=${params} again=${ask} busy=${busy} forget=${forget} />`;
}

/** The choices of images, each with what it takes. */
function choices(result) {
  const models = result.items[0]?.scores.map((_, i) => i) ?? [];
  const right = item => item.scores.filter(score => score.right).length;
  const better = (a, b) => (result.lessIsBetter ? a < b : a > b);
  const all = [['all', t('compare.f_all'), () => true]];
  if (result.decides) {
    if (result.metric === 'accuracy') all.push(['differ', t('compare.f_differ'), item => new Set(item.scores.map(score => score.answer.replace(/ [\d.]+$/, ''))).size > 1]);
    for (const i of models) {
      all.push([`only${letter(i)}`, models.length === 2 ? t('compare.f_rightWrong', { a: letter(i), b: letter(1 - i) }) : t('compare.f_only', { a: letter(i) }),
        item => item.scores[i].right && right(item) === 1]);
    }
    if (models.length > 2) {
      for (const i of models) all.push([`but${letter(i)}`, t('compare.f_but', { a: letter(i) }), item => !item.scores[i].right && right(item) === models.length - 1]);
    }
    all.push(['wrong', t('compare.f_wrong'), item => right(item) === 0]);
    all.push(['right', t('compare.f_right'), item => right(item) === models.length]);
  } else {
    for (const i of models) {
      all.push([`best${letter(i)}`, t('compare.f_best', { a: letter(i) }), item => item.scores.every((score, j) => j === i || better(item.scores[i].value, score.value))]);
    }
  }
  return all.map(([id, title, takes]) => ({ id, title, takes, count: result.items.filter(takes).length }));
}

const spread = item => {
  const values = item.scores.map(score => score.value);
  return Math.max(...values) - Math.min(...values);
};

/** forget: for images that the studio no longer keeps, as after a restart. */
function Found({ result, runs, params, again, busy, forget }) {
  useTheme();
  const filters = useMemo(() => choices(result), [result]);
  const filter = filters.find(one => one.id === params.get('show')) ?? filters[0];
  const byName = params.get('order') === 'name';
  const items = useMemo(() => {
    const some = result.items.map((item, index) => ({ ...item, index })).filter(filter.takes);
    return byName ? some : some.sort((a, b) => spread(b) - spread(a) || a.index - b.index);
  }, [result, filter, byName]);
  const [count, setCount] = useState(PAGE);
  const open = items.findIndex(item => String(item.index) === params.get('item'));
  useEffect(() => setCount(PAGE), [filter.id]);
  return html`
    <${Summary} result=${result} runs=${runs} />
    ${result.remarks.map(remark => html`<p key=${remark} class="notice">${said(remark)}</p>`)}
    <div class="controls">
      <label>${t('compare.show')} <select value=${filter.id} onChange=${event => setParams({ show: event.target.value === 'all' ? null : event.target.value, item: null })}>
        ${filters.map(one => html`<option key=${one.id} value=${one.id} selected=${one.id === filter.id}>${one.title} (${number(one.count)})</option>`)}</select></label>
      <label>${t('compare.order')} <select value=${byName ? 'name' : 'spread'} onChange=${event => setParams({ order: event.target.value === 'name' ? 'name' : null })}>
        <option value="spread" selected=${!byName}>${t('compare.bySpread')}</option><option value="name" selected=${byName}>${t('compare.byName')}</option></select></label>
      <button class="small secondary" disabled=${busy} onClick=${again}>${t('compare.askAgain')}</button>
    </div>
    ${items.length === 0 && html`<p class="soft">${t('compare.noItems')}</p>`}
    <ul class=${result.drawn ? 'items drawn' : 'items'} onErrorCapture=${event => gone(event.target.src).then(is => is && forget())}>${items.slice(0, count).map(item => html`<${Item} key=${item.index} item=${item} result=${result} />`)}</ul>
    ${items.length > count && html`<p><button class="secondary" onClick=${() => setCount(count + PAGE)}>${t('compare.more', { n: items.length - count })}</button></p>`}
    ${open >= 0 && html`<${Large} item=${items[open]} result=${result} runs=${runs}
      step=${by => items[open + by] && setParams({ item: items[open + by].index })} first=${open === 0} last=${open === items.length - 1} />`}`;
}

function Summary({ result, runs }) {
  const mean = i => result.items.reduce((sum, item) => sum + item.scores[i].value, 0) / result.items.length;
  return html`<p>${t('compare.on', { n: result.items.length })} ${runs.map((run, i) => html`<span key=${run.run}>
    <span class="letter" style=${{ background: color(i) }}>${letter(i)}</span> <${Metric} name=${result.metric} /> ${metricValue(result.metric, mean(i))}${i < runs.length - 1 ? ' · ' : ''}</span>`)}
    ${result.decides && result.chance !== null && runs.length === 2 && html`<br /><span class="soft">${result.chance < 0.05 ? t('compare.chanceLow', { p: percent(result.chance) }) : t('compare.chance', { p: percent(result.chance) })}</span>`}</p>`;
}

const address = (result, item, model, size) => imageUrl('/api/image/compared', { comparison: result.comparison, item: item.index, model, size });

/** Whether the studio has forgotten an image that could not be shown. */
async function gone(src) {
  const answer = await fetch(src).catch(() => null);
  return answer?.status === 404;
}

/** Tiny images are not blurred as they are enlarged. */
function sharp(event) {
  event.target.classList.toggle('pixels', event.target.naturalWidth <= TINY);
}

function Item({ item, result }) {
  const name = item.name.split('/').pop();
  return html`<li>
    <button class="open" aria-label=${t('compare.open', { name })} onClick=${() => setParams({ item: item.index }, {})}>
      ${result.drawn
        ? item.scores.map((_, i) => html`<span key=${i} class="frame"><img src=${address(result, item, i, 320)} alt="" loading="lazy" width="200" height="160" onLoad=${sharp} /></span>`)
        : html`<span class="frame"><img src=${address(result, item, null, 320)} alt="" loading="lazy" width="200" height="160" onLoad=${sharp} /></span>`}
    </button>
    <${Said} item=${item} result=${result} />
  </li>`;
}

function Said({ item, result }) {
  const best = result.lessIsBetter ? Math.min(...item.scores.map(one => one.value)) : Math.max(...item.scores.map(one => one.value));
  return html`<div class="said">
    ${item.target && html`<div><span class="soft">${t('compare.truth')}</span> <bdi>${item.target}</bdi></div>`}
    ${item.scores.map((score, i) => html`<div key=${i}>
      <span class="letter" style=${{ background: color(i) }}>${letter(i)}</span>
      ${result.decides && html`<span class=${score.right ? 'right' : 'wrong'}><span aria-hidden="true">${score.right ? '✓' : '✗'}</span><span class="sr-only">${score.right ? t('compare.isRight') : t('compare.isWrong')}</span></span>`}
      ${score.answer && html`<bdi>${score.answer}</bdi>`}
      ${!(result.decides && result.metric === 'accuracy') && html`<span class=${score.value === best ? '' : 'soft'}>${metricName(result.metric)} ${plain(score.value)}</span>`}
    </div>`)}
  </div>`;
}

function Large({ item, result, runs, step, first, last }) {
  useEffect(() => {
    const key = event => {
      if (event.key === 'ArrowLeft') step(-1);
      if (event.key === 'ArrowRight') step(1);
    };
    window.addEventListener('keydown', key);
    return () => window.removeEventListener('keydown', key);
  });
  const shown = result.drawn ? [null, ...runs.map((_, i) => i)] : [null];
  return html`<${Dialog} wide title=${item.name} onClose=${() => setParams({ item: null })}>
    <div class="large">${shown.map(model => html`<figure key=${String(model)}>
      <span class="frame"><img src=${address(result, item, model, 768)} alt=${model === null ? t('compare.image') : t('compare.imageOf', { name: runs[model].name })} width="600" height="450" onLoad=${sharp} /></span>
      <figcaption>${model === null ? t('compare.image') : html`<span class="letter" style=${{ background: color(model) }}>${letter(model)}</span> <bdi>${runs[model].name}</bdi>`}</figcaption></figure>`)}</div>
    <${Said} item=${item} result=${result} />
    <footer><button class="secondary" disabled=${first} onClick=${() => step(-1)}>${t('compare.previous')}</button>
      <button class="secondary" disabled=${last} onClick=${() => step(1)}>${t('compare.next')}</button></footer>
  <//>`;
}
