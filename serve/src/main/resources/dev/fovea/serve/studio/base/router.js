// Addresses: every view has one, so that reload and the browser's back button work.
import { store, useStore } from '/base/store.js';

/** Browsers refuse to change the address more than about a hundred times in half a minute. */
const PAUSE = 250;

/** Servers refuse longer ones. */
const LONGEST = 8000;

let current = entryOf(history.state);
let writing = null;
let written = -Infinity;
let leaving = null;

/** The address of an entry of the history, which the browser shows shortened where it is too long for a reload. */
function entryOf(state) {
  return state?.address ?? location.pathname + location.search;
}

/** An entry as the history takes it. */
function entry(to, state = {}) {
  const { address: _, ...others } = state ?? {};
  return to.length <= LONGEST ? [others, '', to] : [{ ...others, address: to }, '', to.slice(0, to.indexOf('?'))];
}

function parsed(to) {
  const url = new URL(to, location.origin);
  return { path: url.pathname, params: new URLSearchParams(url.search) };
}

export const address = store(parsed(current));

/** Writes what is shown already into the browser's history. */
function write() {
  clearTimeout(writing);
  writing = null;
  written = performance.now();
  try {
    history.replaceState(...entry(current, { ...history.state, y: window.scrollY }));
  } catch {
    // too often: the next time
  }
}

/** At once, or as soon as the browser allows it again. */
function writeSoon() {
  const left = written + PAUSE - performance.now();
  if (left <= 0) write();
  else writing ??= setTimeout(write, left);
}

window.addEventListener('pagehide', write);
window.addEventListener('scroll', writeSoon, { passive: true });
window.addEventListener('popstate', async event => {
  clearTimeout(writing);
  writing = null;
  const left = current;
  current = entryOf(event.state);
  if (leaving && !(await leaving())) {
    current = left;
    history.pushState(...entry(left)); // back to where it was
    return;
  }
  address.set({ ...parsed(current), y: event.state?.y ?? 0 });
});

/** Before this view, or what it shows, is left, `may` says whether it may be; returns a function that ends that. */
export function beforeLeaving(may) {
  leaving = may;
  return () => {
    if (leaving === may) leaving = null;
  };
}

/** An address within the page: link('/run', {run: 'runs/a'}); a list gives the parameter several times. */
export function link(path, params = {}) {
  const query = new URLSearchParams();
  for (const [name, value] of Object.entries(params)) {
    for (const one of Array.isArray(value) ? value : [value]) {
      if (one !== null && one !== undefined && one !== '') query.append(name, one);
    }
  }
  const text = query.toString();
  return text ? path + '?' + text : path;
}

/** Goes to a view, at once unless the one that is left must be asked; where it `replace`s the address, the same stays open. */
export async function go(to, { replace = false } = {}) {
  if (to === current || (!replace && leaving && !(await leaving()))) return;
  if (!replace) {
    write(); // keeps where the view that is left was scrolled to
    history.pushState(...entry(to));
  }
  current = to;
  address.set(parsed(to));
  if (replace) writeSoon();
}

/** Changes parameters of this address and keeps the others; null removes one. Adds no step to the history. */
export function setParams(changes, options = { replace: true }) {
  const { path, params } = parsed(current);
  for (const [name, value] of Object.entries(changes)) {
    params.delete(name);
    for (const one of Array.isArray(value) ? value : [value]) {
      if (one !== null && one !== undefined && one !== '') params.append(name, one);
    }
  }
  const text = params.toString();
  go(text ? path + '?' + text : path, options);
}

/** {path, params} of this address; the component is drawn again when it changes. */
export function useAddress() {
  return useStore(address);
}

/** Ordinary links within the page change the view without reloading the page. */
document.addEventListener('click', event => {
  const anchor = event.target.closest?.('a[href]');
  if (!anchor || event.defaultPrevented || event.button !== 0) return;
  if (event.metaKey || event.ctrlKey || event.shiftKey || event.altKey) return;
  if (anchor.target || anchor.hasAttribute('download') || anchor.origin !== location.origin) return;
  if (anchor.pathname.startsWith('/api/') || anchor.getAttribute('href').startsWith('#')) return;
  event.preventDefault();
  go(anchor.pathname + anchor.search);
});
