// Images by what is known of them beside their class: what is measured, and the columns of a list.
import { html, useEffect, useRef, useState } from '/lib/preact.js';
import { get } from '/base/api.js';
import { number, t } from '/base/i18n.js';
import { setParams } from '/base/router.js';
import { useLoaded } from '/base/store.js';
import { job, useLeaving } from '/parts/job.js';
import { Failure, Skeleton, sentence } from '/parts/states.js';

/** In which unit people read what is measured. */
const UNIT = { pixels: 1e6, brightness: 2.55, bytes: 1000 };

/** So many words of a column are seen at once. */
const FEW = 8;

export const NO_FILTERS = { measured: null, range: null, word: null };

/** As they stand in the address. */
export const filtersOf = params => ({ measured: params.getAll('measured'), range: params.getAll('range'), word: params.getAll('word') });

export const measureName = name => t(`data-view.measure_${name}`);

export function measureText(name, value) {
  if (value === null) return '–';
  const shown = value / (UNIT[name] ?? 1);
  return number(shown, shown < 10 ? 2 : shown < 100 ? 1 : 0);
}

/** `name:from:to`, either bound may be empty. */
function bounds(text) {
  const [, name, from, to] = text.match(/^(.*):([^:]*):([^:]*)$/s) ?? [null, text, '', ''];
  return { name, from, to };
}

/**
 * {value, error, measuring, measure, waits}: what images can be found by. It is asked for when it is `wanted` or the search
 * is by it; a search by what is not measured begins to measure, and waits for it.
 */
export function useColumns(path, version, wanted, search) {
  const needed = search.measured.length + search.range.length + search.word.length > 0;
  const { value, error, again } = useLoaded(() => (wanted || needed ? get('/api/data/columns', { path }) : null), [path, version, wanted || needed]);
  const [measuring, setMeasuring] = useState(false);
  const [failure, setFailure] = useState(null);
  const left = useLeaving();
  const measure = async () => {
    setMeasuring(true);
    setFailure(null);
    try {
      await job('/api/data/measure', { path }, { signal: left });
      again();
    } catch (failed) {
      if (failed.name !== 'AbortError') setFailure(failed);
    }
    setMeasuring(false);
  };
  const waits = search.measured.length > 0 && !value?.isMeasured;
  const begins = waits && value !== null;
  useEffect(() => {
    if (begins) measure();
  }, [begins]);
  return { value, error: error ?? failure, again, measuring, measure, waits };
}

/** The filters in force, each with what takes it away. */
export function Chips({ search }) {
  const chip = (kind, text, label) => html`<li key=${kind + text}><button class="small secondary" onClick=${() => setParams({ [kind]: search[kind].filter(one => one !== text) })}
    aria-label=${t('data-view.without', { filter: label })}><bdi>${label}</bdi> ×</button></li>`;
  const within = (name, from, to) => (from === '' ? `${name} ≤ ${to}` : to === '' ? `${name} ≥ ${from}` : `${name} ${from} – ${to}`);
  const shown = (name, bound) => (bound === '' ? '' : measureText(name, Number(bound)));
  if (search.measured.length + search.range.length + search.word.length === 0) return null;
  return html`<ul class="chips" aria-label=${t('data-view.filters')}>
    ${search.measured.map(text => { const { name, from, to } = bounds(text); return chip('measured', text, within(measureName(name), shown(name, from), shown(name, to))); })}
    ${search.range.map(text => { const { name, from, to } = bounds(text); return chip('range', text, within(name, from, to)); })}
    ${search.word.map(text => chip('word', text, text.replace(':', ': ')))}
  </ul>`;
}

export function Filters({ columns, search }) {
  const { value, error, again, measuring, measure } = columns;
  if (error && !value) return html`<${Failure} error=${error} again=${again} />`;
  if (!value) return html`<${Skeleton} lines=${2} height="2.4rem" />`;
  return html`<section class="card filters" aria-label=${t('data-view.filters')}>
    ${value.table.map(column => (column.kind === 'words'
      ? html`<${Words} key=${column.name} column=${column} chosen=${search.word} />`
      : html`<${Range} key=${column.name} column=${column} name=${column.name} kind="range" texts=${search.range} />`))}
    ${value.measured.map(column => html`<${Range} key=${`m-${column.name}`} column=${column} name=${measureName(column.name)} kind="measured" texts=${search.measured} unit=${UNIT[column.name] ?? 1} />`)}
    ${value.isMeasured && value.measured.length === 0 && html`<p class="soft">${t('data-view.alike')}</p>`}
    ${value.measurable && !value.isMeasured && html`<p class="soft">${t('data-view.measureAbout')}
      ${' '}<button class="small" disabled=${measuring} onClick=${measure}>${t(measuring ? 'data-view.measuring' : 'data-view.measure')}</button></p>`}
    ${error && html`<p class="notice error" role="alert">${sentence(error)}</p>`}
  </section>`;
}

function Range({ column, name, kind, texts, unit = 1 }) {
  const text = texts.find(one => bounds(one).name === column.name);
  const now = text ? bounds(text) : { from: '', to: '' };
  const shown = bound => (bound === '' ? '' : String(Number((Number(bound) / unit).toPrecision(6))));
  const write = changes => {
    const { from, to } = { ...now, ...changes };
    const others = texts.filter(one => one !== text);
    setParams({ [kind]: from === '' && to === '' ? others : [...others, `${column.name}:${from}:${to}`] });
  };
  const field = (end, limit) => html`<${Bound} label=${t(`data-view.${end}`, { name })} value=${shown(now[end])} hint=${number(limit / unit, limit / unit < 10 ? 2 : 1)}
    onChange=${typed => write({ [end]: typed === '' ? '' : String(Number((Number(typed) * unit).toPrecision(8))) })} />`;
  const most = Math.max(...column.bars);
  const inside = i => {
    const at = column.least + ((i + 0.5) * (column.most - column.least)) / column.bars.length;
    return (now.from === '' || at >= Number(now.from)) && (now.to === '' || at <= Number(now.to));
  };
  return html`<fieldset class="range"><legend><bdi>${name}</bdi></legend>
    <span class="histogram" aria-hidden="true">${column.bars.map((count, i) => html`<i key=${i} class=${inside(i) ? 'in' : ''} style=${{ height: `${count ? Math.max(6, (100 * count) / most) : 0}%` }}></i>`)}</span>
    ${field('from', column.least)}${field('to', column.most)}
  </fieldset>`;
}

/** A number that counts once it is typed: each letter of it is no filter of its own. */
function Bound({ label, value, hint, onChange }) {
  const [text, setText] = useState(value);
  const timer = useRef(0);
  const field = useRef(null);
  useEffect(() => {
    if (document.activeElement !== field.current) setText(value);
  }, [value]);
  useEffect(() => () => clearTimeout(timer.current), []);
  const say = typed => {
    clearTimeout(timer.current);
    if (typed !== value && (typed === '' || Number.isFinite(Number(typed)))) onChange(typed);
  };
  return html`<input ref=${field} type="number" step="any" aria-label=${label} placeholder=${hint} value=${text}
    onInput=${event => { const typed = event.target.value; setText(typed); clearTimeout(timer.current); timer.current = setTimeout(() => say(typed), 500); }}
    onChange=${event => say(event.target.value)} />`;
}

function Words({ column, chosen }) {
  const [all, setAll] = useState(false);
  const text = word => `${column.name}:${word}`;
  const shown = all ? column.words : column.words.filter((one, i) => i < FEW || chosen.includes(text(one.word)));
  return html`<fieldset class="words"><legend><bdi>${column.name}</bdi></legend>
    ${shown.map(one => html`<label key=${one.word}><input type="checkbox" checked=${chosen.includes(text(one.word))}
        onChange=${event => setParams({ word: event.target.checked ? [...chosen, text(one.word)] : chosen.filter(was => was !== text(one.word)) })} />
      <bdi>${one.word || t('data-view.noWord')}</bdi> <span class="soft">${number(one.count)}</span></label>`)}
    ${!all && shown.length < column.words.length && html`<button class="small secondary" onClick=${() => setAll(true)}>${t('data-view.allWords', { n: column.words.length })}</button>`}
    ${all && column.more > 0 && html`<small class="soft">${t('data-view.moreWords', { n: column.more })}</small>`}
  </fieldset>`;
}
