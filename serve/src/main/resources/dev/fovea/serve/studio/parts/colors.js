// Colours of lines and points in the theme that is shown, and a way to hear of its change.
import { useEffect, useState } from '/lib/preact.js';

const LIGHT = ['#1c5a94', '#c14a17', '#1d7a46', '#8338a8', '#8f6100', '#0b7480', '#b3265e', '#3f51c5', '#6b4f2a', '#56626f'];
const DARK = ['#8cc1ee', '#f2a27a', '#7fd6a2', '#d3a2ee', '#e6c268', '#6fd3db', '#f296b8', '#a9b4f8', '#cdb08a', '#b4bec8'];

export function dark() {
  const chosen = document.documentElement.dataset.theme;
  return chosen ? chosen === 'dark' : matchMedia('(prefers-color-scheme: dark)').matches;
}

/** The colour of line number `index`, from 0; after ten they begin anew. */
export function color(index) {
  const all = dark() ? DARK : LIGHT;
  return all[index % all.length];
}

/** Lines beyond the tenth are dashed, so that two of one colour can be told apart. */
export function dash(index) {
  return [[], [7, 4], [2, 3], [10, 3, 2, 3]][Math.floor(index / LIGHT.length) % 4];
}

/** A colour of the style sheet, as --ink. */
export function css(name) {
  return getComputedStyle(document.documentElement).getPropertyValue(name).trim();
}

/** Draws the component again when the theme changes; returns the theme. */
export function useTheme() {
  const [theme, setTheme] = useState(dark());
  useEffect(() => {
    const look = () => setTheme(dark());
    const system = matchMedia('(prefers-color-scheme: dark)');
    window.addEventListener('fovea-theme', look);
    system.addEventListener('change', look);
    return () => {
      window.removeEventListener('fovea-theme', look);
      system.removeEventListener('change', look);
    };
  }, []);
  return theme;
}

/** The width of an element in pixels, followed as it changes; 0 before it is known. */
export function useWidth(ref) {
  const [width, setWidth] = useState(0);
  useEffect(() => {
    const observer = new ResizeObserver(entries => setWidth(Math.floor(entries[0].contentRect.width)));
    observer.observe(ref.current);
    return () => observer.disconnect();
  }, []);
  return width;
}

const sheets = new Map();

/** Loads a style sheet once; resolves when it applies. */
export function stylesheet(href) {
  if (!sheets.has(href)) {
    sheets.set(
      href,
      new Promise((done, failed) => {
        const link = document.createElement('link');
        link.rel = 'stylesheet';
        link.href = href;
        link.onload = done;
        link.onerror = () => {
          sheets.delete(href);
          link.remove();
          failed(new Error(`${href} cannot be loaded`));
        };
        document.head.insertBefore(link, document.head.querySelector('link[data-view]')); // what a view says of the same holds
      }),
    );
  }
  return sheets.get(href);
}
