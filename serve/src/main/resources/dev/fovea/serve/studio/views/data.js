// All data sets of the workspace, and the ways to add new ones.
import { html, useCallback, useState } from '/lib/preact.js';
import { get, imageUrl, workspace } from '/base/api.js';
import { useChanges } from '/base/changes.js';
import { listed, t } from '/base/i18n.js';
import { go, link } from '/base/router.js';
import { useLoaded, useStore } from '/base/store.js';
import { Dropzone } from '/parts/dropzone.js';
import { Folders } from '/parts/folders.js';
import { Empty, Failure, Skeleton } from '/parts/states.js';
import { DropAnywhere, SendDialog, planned } from '/parts/send-data.js';
import { WebcamDialog } from '/parts/webcam-classes.js';

export default function DataSets({ params }) {
  const folder = params.get('folder');
  const writable = useStore(workspace)?.writable !== false;
  const [plan, setPlan] = useState(null);
  const [webcam, setWebcam] = useState(false);
  const take = useCallback(found => setPlan(planned(found)), []);
  const done = path => go(link('/data/view', { path }));
  return html`<div class="row spread"><h1>${t('data.title')}</h1>
      <a role="button" class="secondary" href=${folder ? '/data' : link('/data', { folder: '.' })}>${t(folder ? 'data.allSets' : 'data.browse')}</a></div>
    ${folder && html`<${Folders} folder=${folder} from=${Number(params.get('from')) || 0} />`}
    ${!folder && html`<${Sets} writable=${writable} onFiles=${take} onWebcam=${() => setWebcam(true)} />`}
    <${DropAnywhere} onFiles=${take} enabled=${writable} />
    ${plan && html`<${SendDialog} plan=${plan} onClose=${() => setPlan(null)} onDone=${done} />`}
    ${webcam && html`<${WebcamDialog} onClose=${() => setWebcam(false)} onDone=${done} />`}`;
}

function Sets({ writable, onFiles, onWebcam }) {
  const { value, error, again } = useLoaded(() => get('/api/data'));
  useChanges(again, 1000, { kinds: ['data'] });
  return html`${writable && html`<${Dropzone} onFiles=${onFiles} label=${t('data.dropHere')} accept="image/*,.zip,.tar,.gz,.tgz,.csv,.json,.xml" folder
        buttons=${html`<button type="button" class="secondary" onClick=${onWebcam}>${t('data.webcam')}</button>`}>
      <p class="soft">${t('data.dropAbout')}</p>
    <//>`}
    ${error && html`<${Failure} error=${error} again=${again} />`}
    ${!value && !error && html`<${Skeleton} lines=${4} height="6rem" />`}
    ${value && value.sets.length === 0 && html`<${Empty} title=${t('data.none')}><p>${t('data.noneAbout')}</p><//>`}
    ${value && value.sets.length > 0 && html`<ul class="cards">${value.sets.map(set => html`<li key=${set.path}><${Card} set=${set} /></li>`)}</ul>`}
    ${value && html`<section aria-labelledby="builtin"><h2 id="builtin">${t('data.builtIn')}</h2>
      <p class="soft">${t('data.builtInAbout')}</p>
      <ul class="cards">${value.builtIn.map(set => html`<li key=${set.path}><${Card} set=${{ ...set, kind: 'drawn' }} /></li>`)}</ul></section>`}`;
}

/** Archives are not opened for a preview, as that reads them whole. */
function Card({ set }) {
  const preview = set.kind !== 'archive' && (set.images ?? 0) < 20000;
  const counts = [set.classes > 0 && t('data.classes', { n: set.classes }), set.images > 0 && t(set.kind === 'clips' ? 'data.clips' : 'data.images', { n: set.images })].filter(Boolean);
  return html`<a class="card set-card" href=${link('/data/view', { path: set.path })}>
    <span class="previews" aria-hidden="true">${preview && [0, 30, 60, 90].map(at => html`<${Preview} key=${at} path=${set.path} percent=${at} />`)}</span>
    <strong><bdi>${set.path === '.' ? t('data.wholeWorkspace') : set.path}</bdi></strong>
    <span class="soft">${t(`data.kind_${set.kind}`)}${counts.length > 0 && html` · ${listed(counts)}`}</span>
    ${set.corrected && html`<span class="state">${t('data.corrected')}</span>`}
  </a>`;
}

function Preview({ path, percent }) {
  const [there, setThere] = useState(true);
  return there ? html`<img src=${imageUrl('/api/image', { path, percent, size: 96 })} alt="" width="72" height="72" loading="lazy" decoding="async" onError=${() => setThere(false)} />` : html`<span></span>`;
}
