// Style sheets of views: each is loaded before a view that needs it is shown, and applies only while it is shown.
import { get } from '/base/api.js';

/** Where two style the same element, the later one wins. */
const ORDER = ['evaluate', 'models', 'data', 'annotate', 'runs', 'train'];

const sheets = new Map();

function sheet(name) {
  if (!sheets.has(name)) {
    const coming = new Promise((done, failed) => {
      const link = document.createElement('link');
      link.rel = 'stylesheet';
      link.href = `/${name}.css`;
      link.media = 'not all';
      link.dataset.view = name;
      link.onload = done;
      link.onerror = () => {
        sheets.delete(name);
        link.remove();
        get('/api/workspace').then(done, failed); // says so if the studio does not answer
      };
      const later = ORDER.slice(ORDER.indexOf(name) + 1);
      document.head.insertBefore(link, [...document.head.querySelectorAll('link[data-view]')].find(one => later.includes(one.dataset.view)) ?? null);
    });
    sheets.set(name, coming);
  }
  return sheets.get(name);
}

/** Resolves when these are loaded, and asks again for what was not; they apply once a view uses them. */
export function fetched(names) {
  return Promise.all(names.map(sheet));
}

/** From now on these apply, and no others of views. */
export function wear(names) {
  document.head.querySelectorAll('link[data-view]').forEach(link => {
    link.media = names.includes(link.dataset.view) ? 'all' : 'not all';
  });
}
