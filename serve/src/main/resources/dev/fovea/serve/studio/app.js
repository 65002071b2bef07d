// The frame: a header with the navigation, the view of the address, messages and jobs at the bottom.
import { Component, html, render, useEffect, useRef, useState } from '/lib/preact.js';
import { get, imported, listen, online, sayOffline, workspace } from '/base/api.js';
import { useAddress } from '/base/router.js';
import { fetched, wear } from '/base/sheets.js';
import { LANGUAGES, language, load, loadSentences, setLanguage, t, useLanguage } from '/base/i18n.js';
import { back, useStore } from '/base/store.js';
import { useTheme } from '/parts/colors.js';
import { Questions, above } from '/parts/dialog.js';
import { JobBar, followAll } from '/parts/job.js';
import { Failure, Skeleton } from '/parts/states.js';
import { Toasts, toastError } from '/parts/toast.js';

/** Each address with the module of its view, which exports it as default, and the texts and style sheets that it needs. */
const VIEWS = {
  '/': { module: 'home', texts: ['home'] },
  '/data': { module: 'data', texts: ['data'], sheets: ['data'] },
  '/data/view': { module: 'data-view', texts: ['data', 'data-view'], sheets: ['data'] },
  '/data/edit': { module: 'data-edit', texts: ['data', 'data-edit'], sheets: ['annotate'] },
  '/data/map': { module: 'data-map', texts: ['data', 'data-map'], sheets: ['annotate'] },
  '/data/problems': { module: 'data-problems', texts: ['data', 'data-problems'], sheets: ['annotate'] },
  '/train': { module: 'train', texts: ['train'], sheets: ['train'] },
  '/queue': { module: 'queue', texts: ['train', 'queue'], sheets: ['train'] },
  '/runs': { module: 'runs', texts: ['runs'], sheets: ['runs'] },
  '/run': { module: 'run', texts: ['train', 'run'], sheets: ['runs', 'train'] },
  '/compare': { module: 'compare', texts: ['runs', 'compare'], sheets: ['runs'] },
  '/evaluate': { module: 'evaluate', texts: ['evaluate'], sheets: ['evaluate', 'models'] },
  '/try': { module: 'try', texts: ['try'], sheets: ['models'] },
  '/export': { module: 'export', texts: ['export'], sheets: ['models'] },
};

/** The entries of the navigation, and the addresses that belong to each. */
const NAV = [
  { path: '/data', name: 'data', own: ['/data', '/data/view', '/data/edit', '/data/map', '/data/problems'] },
  { path: '/train', name: 'train', own: ['/train'] },
  { path: '/queue', name: 'queue', own: ['/queue'] },
  { path: '/runs', name: 'runs', own: ['/runs', '/run', '/compare', '/evaluate', '/export'] },
  { path: '/try', name: 'try', own: ['/try'] },
];

/** The view of an address; what is loaded already is there at once. */
async function view(path) {
  const { module, texts, sheets = [] } = VIEWS[path];
  await Promise.all([...texts.map(load), fetched(sheets)]);
  return (await imported(`/views/${module}.js`, () => t('frame.missing'))).default;
}

function View() {
  const { path, params, y } = useAddress();
  const code = useLanguage();
  const [state, setState] = useState({ path: null });
  const [round, setRound] = useState(0);
  const main = useRef(null);
  useEffect(() => {
    let wanted = true;
    if (!VIEWS[path]) {
      setState({ path });
      return undefined;
    }
    view(path).then(
      component => {
        if (!wanted) return;
        wear(VIEWS[path].sheets ?? []);
        setState({ path, component });
      },
      error => wanted && setState({ path, error }),
    );
    return () => {
      wanted = false;
    };
  }, [path, round]);
  const failed = state.path === path && state.error;
  const again = () => setRound(was => was + 1);
  useEffect(() => (failed ? back.watch(again) : undefined), [failed]);
  const before = useRef(null);
  useEffect(() => {
    if (state.path !== path) return;
    const other = before.current !== path; // within a view, what was open gives the focus back itself
    if (before.current !== null) {
      if (other) main.current?.focus({ preventScroll: true });
      if (y === undefined && other) window.scrollTo(0, 0);
    }
    const first = before.current === null;
    before.current = path;
    return !first && y !== undefined ? scrollBack(main.current, y) : undefined;
  }, [state.path, path, y]);
  useEffect(() => {
    const name = () => {
      const heading = main.current.querySelector('h1')?.textContent.trim();
      document.title = heading ? `${heading} · Fovea Studio` : 'Fovea Studio';
    };
    const observer = new MutationObserver(name);
    observer.observe(main.current, { childList: true, subtree: true, characterData: true });
    return () => observer.disconnect();
  }, []);
  let content = html`<${Skeleton} lines=${6} />`;
  if (!VIEWS[path]) content = html`<h1>${t('frame.sorry')}</h1><${Failure} error=${new Error(t('frame.nowhere', { path }))} />`;
  else if (failed) content = html`<h1>${t('frame.sorry')}</h1><${Failure} error=${failed} again=${again} />`;
  else if (state.path === path) content = html`<${Guarded} key=${path} component=${state.component} params=${params} code=${code} />`;
  return html`<main id="main" ref=${main} tabindex="-1">${content}</main>`;
}

/** Scrolls to where a view was left, as soon as it is long enough again, unless the reader moves first; returns what ends that. */
function scrollBack(main, y) {
  const moves = ['wheel', 'touchstart', 'pointerdown', 'keydown'];
  const grown = new ResizeObserver(() => {
    window.scrollTo(0, y);
    if (Math.abs(window.scrollY - y) <= 1) end();
  });
  const end = () => {
    grown.disconnect();
    moves.forEach(move => window.removeEventListener(move, end));
  };
  moves.forEach(move => window.addEventListener(move, end, { passive: true }));
  grown.observe(main);
  return end;
}

/** An error while a view is drawn ends only that view. */
class Guarded extends Component {
  componentDidCatch(error) {
    console.error(error);
    this.setState({ error });
  }

  render({ component: Shown, params }, { error }) {
    if (!error) return html`<${Shown} params=${params} />`;
    return html`<h1>${t('frame.sorry')}</h1><${Failure} error=${error} again=${() => this.setState({ error: null })} />`;
  }
}

function ThemeButton() {
  const dark = useTheme();
  const other = dark ? 'light' : 'dark';
  const change = () => {
    document.documentElement.dataset.theme = other;
    try {
      localStorage.setItem('fovea-theme', other);
    } catch {
      // it lasts until the page is left
    }
    window.dispatchEvent(new Event('fovea-theme'));
  };
  return html`<button class="plain" id="theme" aria-label=${t(`frame.${other}`)} title=${t(`frame.${other}`)} onClick=${change}>
    <span aria-hidden="true">${dark ? '☀' : '☾'}</span></button>`;
}

function Head() {
  const chosen = event => setLanguage(event.target.value).catch(error => {
    event.target.value = language.get();
    toastError(error);
  });
  const { path } = useAddress();
  const code = useLanguage();
  const own = useStore(workspace);
  return html`<header class="head">
    <a class="skip" href="#main" onClick=${event => { event.preventDefault(); document.getElementById('main').focus(); }}>${t('frame.skip')}</a>
    <a class="brand" href="/"><img src="/favicon.svg" alt="" width="24" height="24" /> Fovea <span class="soft">Studio</span></a>
    <nav aria-label=${t('frame.views')}>
      ${NAV.map(
        one => html`<a key=${one.path} href=${one.path} aria-current=${one.path === path ? 'page' : one.own.includes(path) ? 'true' : undefined}>${t(`frame.${one.name}`)}</a>`,
      )}
    </nav>
    <div class="tools">
      <span class="workspace soft" title=${own?.path}><bdi>${own?.name}</bdi></span>
      <label class="sr-only" for="language">${t('frame.language')}</label>
      <select id="language" value=${code} onChange=${chosen}>
        ${Object.entries(LANGUAGES).map(([id, name]) => html`<option key=${id} value=${id} lang=${id} selected=${id === code}>${name}</option>`)}
      </select>
      <${ThemeButton} />
    </div>
  </header>`;
}

function Notices() {
  const there = useStore(online);
  const own = useStore(workspace);
  return html`<div class="notices" aria-live="polite">
    ${!there && html`<p class="notice error">${t('frame.offline')}</p>`}
    ${own && !own.writable && html`<p class="notice">${t('frame.readOnly')}</p>`}
  </div>`;
}

function Above() {
  useLanguage();
  return html`<${Toasts} /><${JobBar} />`;
}

function App() {
  useLanguage();
  return html`<${Head} /><${Notices} /><${View} /><${Questions} />`;
}

await Promise.all([load('frame'), load('jobs'), loadSentences()]);
sayOffline(() => t('frame.offline'));
const root = document.getElementById('app');
root.replaceChildren();
render(html`<${App} />`, root);
root.append(above);
render(html`<${Above} />`, above);
get('/api/workspace').then(own => workspace.set(own), () => {});
followAll().catch(() => {});
listen();
