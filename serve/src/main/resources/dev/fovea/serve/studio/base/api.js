// Requests to the studio, with the token of this page; errors are sentences.
import { back, store } from '/base/store.js';

let token = document.querySelector('meta[name="fovea-token"]')?.content ?? '';

/** Whether the studio answers: shown by the frame. */
export const online = store(true);

/** {name, path, writable, version} of the workspace, once it is known. */
export const workspace = store(null);

/** A refusal of the studio, with its sentence for people, its status and its reason in a word. */
class ApiError extends Error {
  constructor(detail, status) {
    super(detail);
    this.status = status;
  }
}

function query(params = {}) {
  const all = new URLSearchParams();
  for (const [name, value] of Object.entries(params)) {
    for (const one of Array.isArray(value) ? value : [value]) {
      if (one !== null && one !== undefined && one !== '') all.append(name, one);
    }
  }
  const text = all.toString();
  return text ? '?' + text : '';
}

/** After a restart of the studio the page's token is out of date: it fetches the new one. */
async function renew() {
  const page = await fetch('/', { cache: 'no-store' });
  const found = new DOMParser().parseFromString(await page.text(), 'text/html').querySelector('meta[name="fovea-token"]');
  if (!found) {
    location.reload(); // the token of the studio must be typed
    return false;
  }
  token = found.content;
  return true;
}

async function ask(path, options, again = true) {
  let answer;
  try {
    answer = await fetch(path, { ...options, headers: { ...options.headers, 'X-Fovea-Token': token } });
    online.set(true);
  } catch (e) {
    if (e.name === 'AbortError') throw e;
    online.set(false);
    throw new ApiError(offline(), 0);
  }
  if (answer.status === 401 && again && (await renew())) return ask(path, options, false);
  return answer;
}

let offline = () => 'The studio does not answer. Is it still running?';

/** The frame says it in the reader's language. */
export function sayOffline(sentence) {
  offline = sentence;
}

async function result(answer) {
  if (answer.status === 204) return null;
  const json = (answer.headers.get('Content-Type') || '').includes('json');
  const value = json ? await answer.json() : await answer.blob();
  if (!answer.ok) throw new ApiError(json ? value.detail : `${answer.status} ${answer.statusText}`, answer.status);
  return value;
}

/** GET; params become the query. `options.signal` aborts. */
export async function get(path, params, options = {}) {
  return result(await ask(path + query(params), options));
}

/** POST of a JSON object. */
export async function post(path, body = {}, options = {}) {
  const headers = { 'Content-Type': 'application/json' };
  return result(await ask(path, { ...options, method: 'POST', headers, body: JSON.stringify(body) }));
}

export async function del(path, params) {
  return result(await ask(path + query(params), { method: 'DELETE' }));
}

const failed = new Set();

/** A module of the page; where it cannot be had a sentence is thrown, `missing()` if this version has none. */
export function imported(address, missing) {
  return import(address).catch(async error => {
    const before = failed.has(address);
    failed.add(address);
    const { status } = await ask(address, { method: 'HEAD' }); // says so if the studio does not answer
    if (status === 404) throw new Error(missing());
    if (before) location.reload(); // browsers keep a module that failed until then
    throw error;
  });
}

/**
 * Sends a file as it is, by XMLHttpRequest, as fetch does not report progress.
 *
 * @param progress called with the bytes sent and the bytes of all
 * @param signal aborts it
 */
export async function upload(path, file, progress = () => {}, options = {}) {
  try {
    return await sendOnce(path, file, progress, options);
  } catch (error) {
    if (error.status === 401 && (await renew())) return sendOnce(path, file, progress, options);
    throw error;
  }
}

function sendOnce(path, file, progress, { params, signal }) {
  return new Promise((resolve, reject) => {
    const request = new XMLHttpRequest();
    request.open('POST', path + query(params));
    request.setRequestHeader('X-Fovea-Token', token);
    request.setRequestHeader('Content-Type', 'application/octet-stream');
    request.responseType = 'text';
    request.upload.onprogress = event => progress(event.loaded, event.total);
    request.onerror = () => reject(new ApiError(offline(), 0));
    request.onabort = () => reject(new DOMException('stopped', 'AbortError'));
    request.onload = () => {
      let value = null;
      try {
        value = request.responseText ? JSON.parse(request.responseText) : null;
      } catch {
        // not JSON: the status says it
      }
      if (request.status < 400) resolve(value);
      else reject(new ApiError(value?.detail ?? `${request.status} ${request.statusText}`, request.status));
    };
    const stop = () => request.abort();
    signal?.addEventListener('abort', stop);
    request.onloadend = () => signal?.removeEventListener('abort', stop); // one signal may stop thousands of files
    request.send(file);
  });
}

/** The address of an image below /api/image, for `src`: its request carries the cookie alone. */
export function imageUrl(path, params) {
  return path + query(params);
}

/** The address of a file below /api/download, for a link with `download`. */
export const downloadUrl = imageUrl;

const listeners = new Map();

/**
 * Listens to what changes: onEvent('run', value => ...); returns a function that ends it. `again` comes when events may have been
 * missed: load everything again.
 */
export function onEvent(kind, listener) {
  if (!listeners.has(kind)) listeners.set(kind, new Set());
  listeners.get(kind).add(listener);
  return () => listeners.get(kind).delete(listener);
}

function tell(kind, value) {
  listeners.get(kind)?.forEach(listener => {
    try {
      listener(value);
    } catch (e) {
      console.error(e);
    }
  });
}

/** Milliseconds after which a tab counts as hidden: who looks at another one for a moment misses nothing. */
const HIDDEN_MS = 2000;

/** When the tab is shown: at once where it is. */
function shown() {
  if (!document.hidden) return Promise.resolve();
  return new Promise(done => {
    const look = () => {
      if (document.hidden) return;
      document.removeEventListener('visibilitychange', look);
      done();
    };
    document.addEventListener('visibilitychange', look);
  });
}

/** Aborts `stream` once the tab is hidden; returns a function that ends the watch. */
function whileShown(stream) {
  let timer = 0;
  const look = () => {
    clearTimeout(timer);
    if (document.hidden) timer = setTimeout(() => stream.abort(), HIDDEN_MS);
  };
  document.addEventListener('visibilitychange', look);
  return () => {
    clearTimeout(timer);
    document.removeEventListener('visibilitychange', look);
  };
}

/**
 * Reads the event stream while the tab is shown; reconnects when it ends. Browsers open no more than six connections to one host, and
 * streams of hidden tabs would leave none to the others.
 */
export async function listen() {
  let wait = 500;
  for (let first = true; ; first = false) {
    await shown();
    const stream = new AbortController();
    const leave = whileShown(stream);
    try {
      const answer = await ask('/api/events', { signal: stream.signal });
      if (!answer.ok) throw new Error(String(answer.status));
      if (!first) {
        back.set(times => times + 1);
        tell('again', null);
      }
      wait = 500;
      await read(answer.body.getReader());
    } catch {
      // it reconnects
    } finally {
      leave();
    }
    if (stream.signal.aborted) continue;
    await new Promise(done => setTimeout(done, wait));
    wait = Math.min(8000, wait * 2);
  }
}

async function read(reader, told = tell) {
  const decoder = new TextDecoder();
  let text = '';
  for (;;) {
    const { value, done } = await reader.read();
    if (done) return;
    text += decoder.decode(value, { stream: true });
    for (let end = text.indexOf('\n\n'); end >= 0; end = text.indexOf('\n\n')) {
      const event = text.slice(0, end).match(/^event: (.*)\ndata: (.*)$/);
      text = text.slice(end + 2);
      if (event) told(event[1], JSON.parse(event[2]));
    }
  }
}

/**
 * POST whose answer comes in pieces: `told(event, value)` for each. Resolves when the answer ends; an event `error`
 * throws its sentence. `signal` aborts, and the studio stops working on it.
 */
export async function stream(path, body, told, { signal } = {}) {
  const headers = { 'Content-Type': 'application/json' };
  const answer = await ask(path, { method: 'POST', headers, body: JSON.stringify(body), signal });
  if (!answer.ok) return result(answer);
  let failure = null;
  await read(answer.body.getReader(), (event, value) => {
    if (event === 'error') failure = new ApiError(value.detail, 0);
    else told(event, value);
  });
  if (failure) throw failure;
  return null;
}
