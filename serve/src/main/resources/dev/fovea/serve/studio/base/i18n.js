// Texts from message files, one per view and language; English replaces a text that is missing.
import { get } from '/base/api.js';
import { store, useStore } from '/base/store.js';

export const LANGUAGES = { en: 'English', de: 'Deutsch', zh: '中文' };

function remembered(key) {
  try {
    return localStorage.getItem(key);
  } catch {
    return null;
  }
}

function first() {
  const wishes = [remembered('fovea-language'), ...(navigator.languages || [navigator.language])];
  for (const wish of wishes) {
    const short = String(wish || '').slice(0, 2).toLowerCase();
    if (short in LANGUAGES) return short;
  }
  return 'en';
}

export const language = store(first());
const names = new Set();
let texts = {};
let sentences = [];
let plural = new Intl.PluralRules(language.get());
document.documentElement.lang = language.get();

async function file(code, name) {
  try {
    return await get(`/texts/${code}/${name}.json`);
  } catch (error) {
    if (error.status === 404) return {};
    throw error;
  }
}

async function read(code, name) {
  const [english, own] = await Promise.all([file('en', name), code === 'en' ? {} : file(code, name)]);
  return { ...english, ...own };
}

/** Loads the texts of a view, which `t('NAME.key')` then returns. */
export async function load(name) {
  if (names.has(name)) return;
  let own;
  let code;
  do { // the language may change in the meantime
    code = language.get();
    own = await read(code, name);
  } while (code !== language.get());
  texts = { ...texts, [name]: own };
  names.add(name);
}

/** A text with {places} as a pattern with a group for each. */
function pattern(text) {
  const plain = text.replace(/[.*+?^$|()[\]\\]/g, '\\$&');
  return new RegExp(`^${plain.replace(/\{(\w+)\}/g, '(?<$1>[\\s\\S]*?)')}$`);
}

async function readSentences(code) {
  if (code === 'en') return [];
  return Object.entries(await file(code, 'sentences')).map(([english, own]) => ({ english: pattern(english), own }));
}

/** Loads the translations that `said` finds. */
export async function loadSentences() {
  sentences = await readSentences(language.get());
}

/**
 * A sentence of the studio or the library, which are English, in the reader's language: texts/LANGUAGE/sentences.json has the frequent ones
 * by their English, with {places} for what differs. One that it does not have stays English.
 */
export function said(sentence) {
  for (const { english, own } of sentences) {
    const found = english.exec(sentence);
    if (found) return own.replace(/\{(\w+)\}/g, (whole, name) => said(found.groups[name]));
  }
  return sentence;
}

let wish = language.get();

/** Everything in another language, once all its texts are there; of two quick choices the last one counts. */
export async function setLanguage(code) {
  wish = code;
  const translated = await readSentences(code);
  const all = {};
  for (let left = [...names]; left.length > 0; left = [...names].filter(name => !(name in all))) { // views load theirs meanwhile
    await Promise.all(left.map(async name => (all[name] = await read(code, name))));
    if (wish !== code) return;
  }
  if (wish !== code) return;
  sentences = translated;
  texts = all;
  plural = new Intl.PluralRules(code);
  try {
    localStorage.setItem('fovea-language', code);
  } catch {
    // it lasts until the page is left
  }
  document.documentElement.lang = code;
  language.set(code);
}

/** Metrics may be called by any name of the data: what every object has is no text. */
function found(key) {
  const dot = key.indexOf('.');
  const own = texts[key.slice(0, dot)];
  const name = key.slice(dot + 1);
  return own && Object.hasOwn(own, name) ? own[name] : undefined;
}

/**
 * A text: t('data.images', {n: 3}) of texts/LANGUAGE/data.json, with {n} replaced. A text with forms is an object
 * {"one": "...", "other": "..."} chosen by n.
 */
export function t(key, values = {}) {
  let text = found(key);
  if (text && typeof text === 'object') text = text[plural.select(values.n ?? 0)] ?? text.other;
  if (text === undefined) return key;
  return text.replace(/\{(\w+)\}/g, (whole, name) => {
    const value = values[name];
    return value === undefined ? whole : typeof value === 'number' ? number(value) : String(value);
  });
}

/** Words one after the other: "2 classes, 40 images". */
export function listed(words) {
  return words.join(language.get() === 'zh' ? '，' : ', ');
}

/** Whether there is such a text. */
export function has(key) {
  return found(key) !== undefined;
}

/** Draws the component again when the language changes. */
export const useLanguage = () => useStore(language);

const formats = new Map();

/** To make one takes far longer than to use it. */
function format(style, maximumFractionDigits) {
  const key = `${language.get()} ${style} ${maximumFractionDigits}`;
  if (!formats.has(key)) formats.set(key, new Intl.NumberFormat(language.get(), { style, maximumFractionDigits }));
  return formats.get(key);
}

/** A number for people, with at most `digits` decimals. */
export function number(value, digits = 3) {
  if (value === null || value === undefined || Number.isNaN(value)) return '–';
  return format('decimal', digits).format(value);
}

/** A number that is too small or too large for that, as 1.2E-5. */
export function scientific(value, digits = 1) {
  return new Intl.NumberFormat(language.get(), { notation: 'scientific', maximumFractionDigits: digits }).format(value);
}

/** A fraction from 0 to 1 as a percentage. */
export function percent(value, digits = 1) {
  if (value === null || value === undefined || Number.isNaN(value)) return '–';
  return format('percent', digits).format(value);
}

const UNITS = { en: ['s', 'min', 'h'], de: ['s', 'min', 'h'], zh: ['秒', '分', '小时'] };

/** Seconds for people: 0.4 s, 12 s, 3 min 20 s, 2 h 5 min. */
export function duration(seconds) {
  if (seconds === null || seconds === undefined || !Number.isFinite(seconds)) return '–';
  const [s, min, h] = UNITS[language.get()];
  if (seconds < 10) return `${number(seconds, 1)} ${s}`;
  const whole = Math.round(seconds);
  if (whole < 60) return `${whole} ${s}`;
  const minutes = Math.floor(whole / 60);
  if (minutes < 60) return whole % 60 ? `${minutes} ${min} ${whole % 60} ${s}` : `${minutes} ${min}`;
  const hours = Math.floor(minutes / 60);
  return minutes % 60 ? `${hours} ${h} ${minutes % 60} ${min}` : `${hours} ${h}`;
}

/** The same for times below a second: 12 ms. */
export function milliseconds(value, digits = 0) {
  return `${number(value, digits)} ${language.get() === 'zh' ? '毫秒' : 'ms'}`;
}

/** Bytes for people. */
export function bytes(count) {
  if (!Number.isFinite(count)) return '–';
  for (const [unit, size] of [['GB', 1e9], ['MB', 1e6], ['kB', 1e3]]) {
    if (count >= size) return `${number(count / size, 1)} ${unit}`;
  }
  return `${number(count)} B`;
}

/** Date and time for people, of an ISO text. */
export function date(text) {
  const at = new Date(text);
  if (!text || Number.isNaN(at.getTime())) return text || '';
  return new Intl.DateTimeFormat(language.get(), { dateStyle: 'medium', timeStyle: 'short' }).format(at);
}
