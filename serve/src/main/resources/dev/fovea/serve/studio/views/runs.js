// All runs as a table: sorted, filtered, noted, removed with undo, chosen to be compared.
import { Component, html, useEffect, useMemo, useRef, useState } from '/lib/preact.js';
import { del, downloadUrl, get, post, workspace } from '/base/api.js';
import { useChanges } from '/base/changes.js';
import { date, duration, language, number, said, t } from '/base/i18n.js';
import { address, go, link, setParams } from '/base/router.js';
import { useLoaded, useStore } from '/base/store.js';
import { confirm } from '/parts/dialog.js';
import { Icon } from '/parts/icon.js';
import { Metric, metricValue } from '/parts/metric.js';
import { Model, modelName } from '/parts/model-name.js';
import { Costs } from '/views/runs-cost.js';
import { NotesEditor } from '/views/runs-notes.js';
import { Trash } from '/views/runs-trash.js';
import { Sparkline } from '/parts/sparkline.js';
import { stateName } from '/parts/state-name.js';
import { Empty, Failure, Skeleton } from '/parts/states.js';
import { Tabs } from '/parts/tabs.js';
import { taskName } from '/parts/task-name.js';
import { toast, toastError } from '/parts/toast.js';

/** Rows that are drawn before somebody asks for more. */
const ROWS = 100;

const MOST_COMPARED = 20;

/** Ways to look at the runs that the filters leave. */
const VIEWS = ['table', 'cost'];

/** `below` is shown in the same cells as the column. */
const COLUMNS = [
  { id: 'name', value: run => run.name },
  { id: 'state', value: run => run.state, place: 'not-tiny' },
  { id: 'model', value: run => run.model, place: 'wide', below: 'data' },
  { id: 'data', value: run => run.data },
  { id: 'best', value: run => run.best, number: true },
  { id: 'epochs', value: run => run.epochs, number: true, place: 'wide' },
  { id: 'seconds', value: run => run.seconds, number: true, place: 'wide' },
  { id: 'started', value: run => run.started, number: true, place: 'wide' },
];

export default function Runs({ params }) {
  const { value, error, again } = useLoaded(() => get('/api/runs'));
  useChanges(again);
  const all = value?.runs ?? [];
  const sort = { by: params.get('sort') ?? 'started', down: params.has('sort') ? params.has('down') : true };
  const chosen = params.getAll('run').filter(path => all.some(run => run.run === path));
  const shown = useMemo(() => sorted(filtered(all, params), sort), [value, params.toString()]);
  const best = useMemo(() => bestOf(shown), [shown]);
  const view = VIEWS.includes(params.get('view')) ? params.get('view') : VIEWS[0];
  const [trash, setTrash] = useState(false);
  const [more, setMore] = useState(ROWS);
  const remove = runs => removeRuns(runs, again, () => setParams({ run: address.get().params.getAll('run').filter(path => !runs.some(run => run.run === path)) }));
  return html`
    <div class="row spread"><h1>${t('runs.title')}</h1>
      <div class="row">
        <button class="secondary small" onClick=${() => setTrash(true)}>${t('runs.trash')}</button>
        <a role="button" class="small" href="/train">${t('runs.new')}</a>
      </div></div>
    ${error && html`<${Failure} error=${error} again=${again} />`}
    ${!value && !error && html`<${Skeleton} lines=${8} height="2.4rem" />`}
    ${value && all.length === 0 && html`<${Empty} title=${t('runs.none')}><p>${t('runs.noneHow')}</p><a role="button" href="/train">${t('runs.new')}</a><//>`}
    ${all.length > 0 && html`
      <${Filters} all=${all} params=${params} count=${shown.length} />
      <${Chosen} runs=${all.filter(run => chosen.includes(run.run))} remove=${remove} />
      <${Tabs} label=${t('runs.views')} name="runs" selected=${view} onSelect=${id => setParams({ view: id === VIEWS[0] ? null : id }, {})}
          tabs=${VIEWS.map(id => ({ id, title: t(`runs.${id}`) }))}>
        ${view === 'cost'
          ? html`<${Costs} runs=${shown} chosen=${chosen} params=${params} />`
          : html`<${RunTable} rows=${shown.slice(0, more)} sort=${sort} chosen=${chosen} best=${best} remove=${remove} again=${again} all=${all} />
              ${shown.length > more && html`<p><button class="secondary" onClick=${() => setMore(more + ROWS)}>${t('runs.more', { n: shown.length - more })}</button></p>`}
              <p class="soft hint">${t('runs.keys')}</p>`}<//>`}
    ${trash && html`<${Trash} onClose=${() => setTrash(false)} onRestored=${again} />`}`;
}

const BELOW = COLUMNS.map(column => column.below).filter(Boolean);
const HEADS = COLUMNS.filter(column => !BELOW.includes(column.id));

function filtered(all, params) {
  const words = (params.get('q') ?? '').toLowerCase().split(/\s+/).filter(Boolean);
  const tags = params.getAll('tag');
  return all.filter(run => {
    const text = [run.name, run.model, run.data, run.note, run.task, ...run.tags].join('\n').toLowerCase();
    return (
      words.every(word => text.includes(word)) &&
      tags.every(tag => run.tags.includes(tag)) &&
      ['state', 'data', 'task'].every(name => !params.get(name) || run[name] === params.get(name))
    );
  });
}

function sorted(rows, { by, down }) {
  if (by === 'best') return byResult(rows, down);
  const column = COLUMNS.find(one => one.id === by) ?? COLUMNS[0];
  const none = value => value === null || value === undefined || value === '';
  return [...rows].sort((a, b) => {
    const [x, y] = [column.value(a), column.value(b)];
    if (none(x) || none(y)) return none(x) - none(y);
    const way = typeof x === 'number' ? x - y : String(x).localeCompare(String(y), undefined, { numeric: true });
    return down ? -way : way;
  });
}

/** Results of one metric together, the best or the worst first: those of several cannot be put in one order. */
function byResult(rows, bestFirst) {
  return [...rows].sort((a, b) => {
    if ((a.best === null) !== (b.best === null)) return (a.best === null) - (b.best === null);
    if (a.metric !== b.metric) return a.metric.localeCompare(b.metric);
    const way = a.lessIsBetter ? a.best - b.best : b.best - a.best;
    return bestFirst ? way : -way;
  });
}

/** Of runs on the same data with the same metric, the best; of one alone none. */
function bestOf(rows) {
  const groups = new Map();
  for (const run of rows) {
    if (run.best === null || !run.metric) continue;
    const key = JSON.stringify([run.data, run.metric]);
    groups.set(key, [...(groups.get(key) ?? []), run]);
  }
  const best = new Set();
  for (const runs of groups.values()) {
    if (runs.length < 2) continue;
    const values = runs.map(run => run.best);
    const top = runs[0].lessIsBetter ? Math.min(...values) : Math.max(...values);
    runs.filter(run => run.best === top).forEach(run => best.add(run.run));
  }
  return best;
}

function Filters({ all, params, count }) {
  const tags = [...new Set(all.flatMap(run => run.tags))].sort((a, b) => a.localeCompare(b));
  const given = params.getAll('tag');
  const filters = ['q', 'tag', 'state', 'data', 'task'].some(name => params.get(name));
  const [text, setText] = useState(params.get('q') ?? '');
  const timer = useRef(null);
  const later = words => {
    clearTimeout(timer.current);
    timer.current = setTimeout(() => setParams({ q: words }), 120);
  };
  useEffect(() => () => clearTimeout(timer.current), []);
  const toggle = tag => setParams({ tag: given.includes(tag) ? given.filter(one => one !== tag) : [...given, tag] });
  return html`<search class="filters">
    <input type="search" aria-label=${t('runs.search')} placeholder=${t('runs.search')} value=${text}
      onInput=${event => { setText(event.target.value); later(event.target.value); }} />
    <${Choice} name="state" all=${all} params=${params} title=${state => stateName(state)} />
    <${Choice} name="data" all=${all} params=${params} />
    <${Choice} name="task" all=${all} params=${params} title=${task => taskName(task)} />
    ${tags.length > 0 && html`<div class="tags" role="toolbar" aria-label=${t('runs.tags')}>${tags.map(
      tag => html`<button key=${tag} class="tag" aria-pressed=${given.includes(tag)} onClick=${() => toggle(tag)}><bdi>${tag}</bdi></button>`,
    )}</div>`}
    <span class="soft" aria-live="polite">${t('runs.count', { n: count })}</span>
    ${filters && html`<button class="small secondary" onClick=${() => { setText(''); setParams({ q: null, tag: null, state: null, data: null, task: null }); }}>${t('runs.clear')}</button>`}
  </search>`;
}

function Choice({ name, all, params, title = value => value }) {
  const values = [...new Set(all.map(run => run[name]).filter(Boolean))].sort();
  const now = params.get(name) ?? '';
  if (values.length < 2 && !now) return null;
  return html`<select aria-label=${t(`runs.${name}`)} value=${now} onChange=${event => setParams({ [name]: event.target.value })}>
    <option value="" selected=${!now}>${t(`runs.any_${name}`)}</option>
    ${values.map(value => html`<option key=${value} value=${value} selected=${value === now}>${title(value)}</option>`)}
  </select>`;
}

/** A day, with the hour where it is today. */
function day(text) {
  const at = new Date(text);
  if (!text || Number.isNaN(at.getTime())) return '';
  const today = at.toDateString() === new Date().toDateString();
  return new Intl.DateTimeFormat(language.get(), today ? { timeStyle: 'short' } : { dateStyle: 'medium' }).format(at);
}

function Chosen({ runs, remove }) {
  const writable = useStore(workspace)?.writable ?? true;
  const paths = runs.map(run => run.run);
  return html`<div class="chosen" aria-live="polite">
    <span>${runs.length === 0 ? t('runs.choose') : t('runs.chosen', { n: runs.length })}</span>
    <button class="small" disabled=${runs.length < 2 || runs.length > MOST_COMPARED} onClick=${() => go(link('/compare', { run: paths }))}>${t('runs.compare')}</button>
    <button class="small secondary" disabled=${runs.length === 0 || !writable} onClick=${() => remove(runs)}>${t('runs.delete')}</button>
    <button class="small secondary" disabled=${runs.length === 0} onClick=${() => setParams({ run: null })}>${t('runs.chooseNone')}</button>
  </div>`;
}

async function removeRuns(runs, again, then) {
  if (runs.length > 1 && !(await confirm(t('runs.deleteSure', { n: runs.length }), { yes: t('runs.delete') }))) return;
  const removed = [];
  try {
    for (const run of runs) removed.push(await del('/api/run', { run: run.run }));
  } catch (error) {
    toastError(error);
  }
  then();
  again();
  if (removed.length === 0) return;
  const undo = async () => {
    for (const one of removed) await post('/api/trash/restore', one);
    again();
  };
  const text = removed.length === 1 ? t('runs.deletedOne', { name: runs[0].name }) : t('runs.deleted', { n: removed.length });
  toast(text, { action: { label: t('runs.undo'), run: undo }, seconds: 15 });
}

function RunTable({ rows, sort, chosen, best, remove, again, all }) {
  const [open, setOpen] = useState(null);
  const body = useRef(null);
  const writable = useStore(workspace)?.writable ?? true;
  const code = useStore(language);
  const every = rows.length > 0 && rows.every(run => chosen.includes(run.run));
  const onSort = column => setParams({ sort: column.id, down: (column.id === sort.by ? !sort.down : !!column.number) ? '1' : null });
  const chooseAll = () => setParams({ run: every ? null : rows.map(run => run.run) });
  const keys = event => rowKeys(event, rows, body.current, { writable, remove, edit: run => setOpen(run.run) });
  return html`<div class="table runs" role="region" aria-label=${t('runs.title')} tabindex="0"><table>
    <caption class="sr-only">${t('runs.title')}</caption>
    <thead><tr>
      <th scope="col" class="check"><input type="checkbox" aria-label=${t('runs.chooseAll')} checked=${every} onChange=${chooseAll} /></th>
      ${HEADS.map(column => html`<th key=${column.id} scope="col" class=${(column.number ? 'number ' : '') + (column.place ?? '')}
        aria-sort=${[column.id, column.below].includes(sort.by) ? (sort.down ? 'descending' : 'ascending') : undefined}>
        ${[column, COLUMNS.find(one => one.id === column.below)].filter(Boolean).map((one, i) => html`${i > 0 && ' · '}<button key=${one.id} class="plain" onClick=${() => onSort(one)}>
          ${t(`runs.${one.id}`)}<span aria-hidden="true">${one.id === sort.by ? (sort.down ? ' ↓' : ' ↑') : ''}</span></button>`)}</th>`)}
      <th scope="col"><span class="sr-only">${t('runs.actions')}</span></th>
    </tr></thead>
    <tbody ref=${body} onKeyDown=${keys}>${rows.flatMap(run => [
      html`<${Row} key=${run.run} run=${run} shown=${JSON.stringify(run)} is=${chosen.includes(run.run)} best=${best.has(run.run)} remove=${remove}
        edit=${() => setOpen(now => (now === run.run ? null : run.run))} open=${open === run.run} writable=${writable} code=${code} />`,
      open === run.run && html`<tr key=${run.run + ' notes'} class="editor"><td colspan=${HEADS.length + 2}>
        <${NotesEditor} run=${run} tags=${[...new Set(all.flatMap(one => one.tags))]} onClose=${() => { setOpen(null); focusRow(body.current, run); }} onSaved=${again} /></td></tr>`,
    ])}</tbody>
  </table></div>`;
}

function focusRow(body, run) {
  setTimeout(() => body?.querySelector(`tr[data-run="${CSS.escape(run.run)}"] .edit`)?.focus());
}

/** To the row below, or above the last one: a row that is removed would take the focus with it. */
function nextRow(event) {
  const row = event.target.closest('tr[data-run]');
  const all = [...row.parentElement.querySelectorAll('tr[data-run]')];
  (all[all.indexOf(row) + 1] ?? all[all.indexOf(row) - 1])?.querySelector('th a')?.focus();
}

/** Up and down between rows, on the same control; Delete removes, N writes a note. */
function rowKeys(event, rows, body, { writable, remove, edit }) {
  const row = event.target.closest('tr[data-run]');
  if (!row || event.ctrlKey || event.metaKey || event.altKey) return;
  const run = rows.find(one => one.run === row.dataset.run);
  if (event.key === 'ArrowDown' || event.key === 'ArrowUp') {
    const all = [...body.querySelectorAll('tr[data-run]')];
    const next = all[all.indexOf(row) + (event.key === 'ArrowDown' ? 1 : -1)];
    const place = [...row.querySelectorAll('input, a, button')].indexOf(event.target);
    next?.querySelectorAll('input, a, button')[Math.max(0, place)]?.focus();
    event.preventDefault();
  } else if (!writable || event.repeat || !run) {
    return; // a key that is held would remove row after row
  } else if (event.key === 'Delete') {
    event.preventDefault();
    nextRow(event);
    remove([run]);
  } else if (event.key.toLowerCase() === 'n') {
    event.preventDefault();
    edit(run);
  }
}

/** Drawn anew only when what it shows has changed: there may be hundreds. */
class Row extends Component {
  shouldComponentUpdate(next) {
    return ['shown', 'is', 'best', 'open', 'writable', 'code'].some(name => next[name] !== this.props[name]);
  }

  render(props) {
    return drawn(props);
  }
}

function tick(path) {
  const chosen = address.get().params.getAll('run');
  setParams({ run: chosen.includes(path) ? chosen.filter(one => one !== path) : [...chosen, path] });
}

function drawn({ run, is, best, remove, edit, open, writable }) {
  return html`<tr data-run=${run.run} class=${is ? 'is-chosen' : ''}>
    <td class="check"><input type="checkbox" aria-label=${t('runs.chooseOne', { name: run.name })} checked=${is} onChange=${() => tick(run.run)} /></td>
    <th scope="row">
      <a href=${link('/run', { run: run.run })}><bdi>${run.name}</bdi></a>
      <span class=${'tiny state ' + run.state}>${stateName(run.state)}</span>
      <div class="narrow soft"><${Model} model=${run.model} />${run.data && html` · <bdi>${run.data}</bdi>`}</div>
      ${run.problem && html`<div class="problem">⚠ ${said(run.problem)}</div>`}
      ${(run.note || run.tags.length > 0) && html`<div class="written">
        ${run.tags.map(tag => html`<span key=${tag} class="tag"><bdi>${tag}</bdi></span>`)}
        ${run.note && html`<bdi class="note soft" title=${run.note}>${run.note}</bdi>`}</div>`}
    </th>
    <td class="not-tiny"><span class=${'state ' + run.state}>${stateName(run.state)}</span></td>
    <td class="wide"><bdi class="cut" title=${run.model}>${modelName(run.model)}</bdi><bdi class="cut soft" title=${run.data}>${run.data}</bdi></td>
    <td class="number result"><div class="value">
      ${best && html`<span class="best" title=${t('runs.bestOne')}><span aria-hidden="true">★</span><span class="sr-only">${t('runs.bestOne')}</span></span>`}
      <span>${metricValue(run.metric, run.best)}</span></div>
      <div class="soft">${run.metric && html`<${Metric} name=${run.metric} />`} <${Sparkline} values=${run.curve} /></div></td>
    <td class="number wide">${number(run.epochs)}</td>
    <td class="number wide">${duration(run.seconds)}</td>
    <td class="number wide" title=${date(run.started)}>${day(run.started)}</td>
    <td class="actions"><div>
      ${run.epochs > 0 && html`<a class="plain" title=${t('runs.evaluate')} aria-label=${t('runs.evaluateOf', { name: run.name })} href=${link('/evaluate', { run: run.run })}><${Icon} name="evaluate" /></a>`}
      <button class="plain edit" title=${t('runs.write')} aria-expanded=${open} aria-label=${t('runs.writeOf', { name: run.name })} disabled=${!writable} onClick=${edit}><${Icon} name="write" /></button>
      <a class="plain" title=${t('runs.share')} aria-label=${t('runs.shareOf', { name: run.name })} href=${downloadUrl('/api/download/report', { run: run.run })} download><${Icon} name="save" /></a>
      <button class="plain" title=${t('runs.delete')} aria-label=${t('runs.deleteOf', { name: run.name })} disabled=${!writable} onClick=${event => { nextRow(event); remove([run]); }}><${Icon} name="remove" /></button>
    </div></td>
  </tr>`;
}
