// Metrics as people read them: names and units in their language, values with the digits that say something.
import { html } from '/lib/preact.js';
import { has, load, number, scientific, t } from '/base/i18n.js';

await load('metrics');

/** What a metric is called; one that has no text by its key, balancedAccuracy as "balanced accuracy". */
export function metricName(name) {
  const key = `metrics.${name}`;
  return has(key) ? t(key) : name.replace(/_/g, ' ').replace(/([a-z])([A-Z])/g, '$1 $2').toLowerCase();
}

function unit(name) {
  const key = `metrics.unit_${name}`;
  return has(key) ? t(key) : '';
}

/** The name with its unit, as it stands at an axis or above a curve. */
export function metricTitle(name) {
  return unit(name) ? `${metricName(name)} (${unit(name)})` : metricName(name);
}

/** A value with its unit. */
export function metricValue(name, value) {
  const text = plain(value);
  return unit(name) && text !== '–' ? `${text} ${unit(name)}` : text;
}

/** The name, with the key that files, recipes and the command line have it by where the pointer rests on it. */
export function Metric({ name }) {
  return html`<bdi class="metric" title=${name}>${metricName(name)}</bdi>`;
}

/** A value with as many digits as say something. */
export function plain(value) {
  if (value === null || value === undefined || !Number.isFinite(value)) return '–';
  const size = Math.abs(value);
  return size !== 0 && size < 0.001 ? scientific(value) : number(value, size >= 100 ? 1 : size >= 10 ? 2 : 4);
}

/** Images a second, with a digit behind the point where they are few. */
export function speed(value) {
  return t('train.speed', { n: number(value, value < 1 ? 2 : value < 10 ? 1 : 0) });
}
