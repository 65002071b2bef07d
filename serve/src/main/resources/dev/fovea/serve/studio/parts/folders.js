// A walk through the folders of the workspace, to open what lies there as data.
import { html, useEffect, useRef } from '/lib/preact.js';
import { get } from '/base/api.js';
import { listed, number, t } from '/base/i18n.js';
import { link } from '/base/router.js';
import { useChanges } from '/base/changes.js';
import { useLoaded } from '/base/store.js';
import { Failure, Skeleton } from '/parts/states.js';

const OUTPUTS = ['run', 'model', 'report'];

const at = (folder, from) => link('/data', { folder, from: from || null });

/** `folder` is a path, `.` of the workspace itself; `from` the first entry that is shown. */
export function Folders({ folder, from }) {
  const { value, error, again } = useLoaded(() => get('/api/data/folder', { path: folder, from: from || null }), [folder, from]);
  const title = useRef(null);
  const shown = useRef(folder);
  useChanges(again, 1000, { kinds: ['data'] });
  useEffect(() => { // who goes on by the keyboard goes on from here
    if (value && shown.current !== folder) {
      shown.current = folder;
      title.current?.focus();
    }
  }, [value]);
  return html`<section class="folders" aria-labelledby="folders">
    <h2 id="folders" ref=${title} tabindex="-1">${t('data.browse')}</h2>
    ${error && html`<${Failure} error=${error} again=${again} /><p><a href=${at('.')}>${t('data.toWorkspace')}</a></p>`}
    ${!value && !error && html`<${Skeleton} lines=${6} height="2.4rem" />`}
    ${value && html`<${Listing} value=${value} />`}
  </section>`;
}

function Listing({ value }) {
  const here = { ...value.here, name: value.parents.at(-1).name };
  const left = [
    value.images > 0 && here.kind !== 'images' && t('data.imagesHere', { n: value.images }),
    value.others > 0 && t('data.othersHere', { n: value.others }),
    value.passed > 0 && t('data.passed', { n: value.passed }),
    value.cut && t('data.cut'),
  ].filter(Boolean);
  return html`<nav aria-label=${t('data.place')}><ol class="crumbs">${value.parents.map((one, i) => html`<li key=${one.path}>${
      i === value.parents.length - 1 ? html`<span aria-current="page"><bdi>${one.name}</bdi></span>` : html`<a href=${at(one.path)}><bdi>${one.name}</bdi></a>`}</li>`)}</ol></nav>
    <div class="row spread here"><span>${what(here)}</span>${!OUTPUTS.includes(here.kind) && here.folders + here.images > 0 && !(value.images === 0 && value.entries.every(one => OUTPUTS.includes(one.kind))) && html`<${Actions} one=${here} />`}</div>
    <ul class="list entries">${value.entries.map(one => html`<li key=${one.path}><${Entry} one=${one} /></li>`)}
      ${value.entries.length === 0 && html`<li class="none soft">${t('data.emptyFolder')}</li>`}</ul>
    ${value.total > value.entries.length && html`<${Pages} value=${value} />`}
    ${left.length > 0 && html`<p class="soft">${left.join(' ')}</p>`}`;
}

function Pages({ value }) {
  const to = value.from + value.entries.length;
  const size = 100;
  return html`<div class="row"><span>${t('data.range', { from: number(value.from + 1), to: number(to), of: number(value.total) })}</span>
    ${value.from > 0 && html`<a role="button" class="small secondary" href=${at(value.path, Math.max(0, value.from - size))}>${t('data.back')}</a>`}
    ${to < value.total && html`<a role="button" class="small secondary" href=${at(value.path, to)}>${t('data.more')}</a>`}</div>`;
}

/** What a folder or file seems to be, in words. */
function what(one) {
  const counts = [one.classes > 0 && t('data.classes', { n: one.classes }), one.images > 0 && t(one.kind === 'clips' ? 'data.clips' : 'data.images', { n: one.images })].filter(Boolean);
  if (one.kind === 'folder' && one.folders > 0) counts.push(t('data.folders', { n: one.folders }));
  if (one.kind === 'folder') return counts.length > 0 ? listed(counts) : t('data.nothingKnown');
  return html`${t(`data.kind_${one.kind}`)}${counts.length > 0 && ` · ${listed(counts)}`}`;
}

/** A folder leads into it, a file to its images. */
function Entry({ one }) {
  const output = OUTPUTS.includes(one.kind);
  const to = one.folder ? at(one.path) : link('/data/view', { path: one.path });
  return html`<div class="entry">
    <a class="name" href=${to}><span class=${one.folder ? 'icon-folder' : 'icon-file'} aria-hidden="true"></span><bdi>${one.name}</bdi></a>
    <span class="soft what">${what(one)}${one.corrected && html` · ${t('data.corrected')}`}</span>
    ${!output && (one.kind !== 'folder' || one.images > 0) && html`<${Actions} one=${one} />`}
    ${one.kind === 'run' && html`<span class="row end"><a role="button" class="small secondary" href=${link('/run', { run: one.path })} aria-label=${t('data.openWhat', { name: one.name })}>${t('data.open')}</a></span>`}
  </div>`;
}

function Actions({ one }) {
  return html`<span class="row end">
    <a role="button" class="small" href=${link('/data/view', { path: one.path })} aria-label=${t('data.openWhat', { name: one.name })}>${t('data.openAs')}</a>
    <a role="button" class="small secondary" href=${link('/train', { path: one.path })} aria-label=${t('data.trainOn', { name: one.name })}>${t('data.train')}</a>
  </span>`;
}
