// Slices: groups of images with something in common, those where a model is weak first.
import { html, useState } from '/lib/preact.js';
import { bytes, number, percent, t } from '/base/i18n.js';
import { setParams } from '/base/router.js';
import { Failure, Skeleton } from '/parts/states.js';
import { useLatest, wordOf } from '/parts/study.js';

const FORMATS = { bytes, pixels: value => number(value, 0), brightness: value => number(value, 0), sharpness: value => number(value, 0), contrast: value => number(value, 0), 'object size': value => number(value, 0) };

function sliceName(one) {
  const format = FORMATS[one.column] ?? (value => number(value, 2));
  if (one.from === null) return one.word || t('evaluate.unknown');
  return one.from === one.to ? format(one.from) : `${format(one.from)} – ${format(one.to)}`;
}

function columnName(column) {
  return wordOf(`evaluate.column_${column.replace(' ', '_')}`, column);
}

/** figure: what the value of a slice is, in words; threshold or null; selected: the number of the slice that is open; format: of its values. */
export function SliceTable({ study, threshold, figure, selected, format = percent }) {
  const [weakOnly, setWeakOnly] = useState(false);
  const { value, error, again } = useLatest('/api/evaluate/slices', threshold === null ? study : { ...study, threshold });
  if (error) return html`<${Failure} error=${error} again=${again} />`;
  if (!value) return html`<${Skeleton} lines=${8} height="2rem" />`;
  const all = value.slices.map((one, at) => ({ ...one, at }));
  const weak = all.filter(one => one.weak).length;
  const shown = all.filter(one => !weakOnly || one.weak);
  const { overall, scale } = value;
  const sign = scale === 'less' || scale === 'zero' ? -1 : 1;
  const weakest = column => (shown.some(one => one.column === column && one.weak) ? 0 : 1);
  const worst = column => Math.min(...shown.filter(one => one.column === column).map(one => sign * one.value));
  const columns = [...new Set(shown.map(one => one.column))].sort((a, b) => weakest(a) - weakest(b) || (scale === 'neither' ? 0 : worst(a) - worst(b)));
  const ends = scale === 'share' ? [0, 1] : extent(all, overall);
  return html`<p>${scale === 'neither' ? '' : weak ? t('evaluate.weakSlices', { n: weak }) : t('evaluate.noWeak')} <span class="soft">${t('evaluate.chance')}</span></p>
    ${scale !== 'neither' && html`<label class="check"><input type="checkbox" checked=${weakOnly} onChange=${event => setWeakOnly(event.target.checked)} /> ${t('evaluate.weakOnly')}</label>`}
    <div class="slices">${columns.map(column => html`<section key=${column} class="card">
      <h2 class="minor"><bdi>${columnName(column)}</bdi></h2>
      <table><caption class="sr-only">${figure} · ${columnName(column)}</caption>
        <thead class="sr-only"><tr><th scope="col">${columnName(column)}</th><th scope="col">${t('evaluate.count')}</th><th scope="col">${figure}</th></tr></thead>
        <tbody>${shown.filter(one => one.column === column).map(one => html`<tr key=${one.at} class=${one.weak ? 'weak' : ''}>
          <th scope="row"><button class="plain" aria-pressed=${String(one.at) === selected} onClick=${() => setParams({ slice: one.at })}><bdi>${sliceName(one)}</bdi></button></th>
          <td class="number soft">${number(one.count)}</td>
          <td class="wide"><${Range} one=${one} overall=${overall} ends=${ends} format=${format} /></td>
          <td class="number">${format(one.value)}${one.weak && html` <span class="state failed">${t('evaluate.weak')}</span>`}</td>
        </tr>`)}</tbody></table></section>`)}</div>`;
}

/** What the axis of all bars spans, with a little room. */
function extent(all, overall) {
  const values = all.flatMap(one => [one.low ?? one.value, one.high ?? one.value]).concat(overall ?? []);
  const room = (Math.max(...values) - Math.min(...values) || 1) * 0.05;
  return [Math.min(...values) - room, Math.max(...values) + room];
}

/** A value in its interval, beside that of all. */
function Range({ one, overall, ends, format }) {
  const at = value => 100 * Math.max(0, Math.min(1, (value - ends[0]) / (ends[1] - ends[0] || 1)));
  return html`<svg class="range" viewBox="0 0 100 10" preserveAspectRatio="none" role="img" aria-label=${one.low === null ? format(one.value) : t('evaluate.interval', { low: format(one.low), high: format(one.high) })}>
    <line class="track" x1="0" x2="100" y1="5" y2="5" />
    ${one.low !== null && html`<line class="interval" x1=${at(one.low)} x2=${at(one.high)} y1="5" y2="5" />`}
    ${overall !== null && html`<line class="overall" x1=${at(overall)} x2=${at(overall)} y1="0" y2="10" />`}
    <line class="value" x1=${at(one.value)} x2=${at(one.value)} y1="1" y2="9" />
  </svg>`;
}
