// A confusion matrix whose cells are buttons: arrows move between them, as in a table of a spreadsheet.
import { html, useState } from '/lib/preact.js';
import { number, percent, t } from '/base/i18n.js';

/**
 * rows: names of true classes, columns: names of predicted classes, counts[row][column]; onCell(row, column); selected: [row, column] or
 * null; share: shown in place of counts.
 */
export function Matrix({ rows, columns, counts, selected, onCell, share = false, caption }) {
  const [last, setFocus] = useState([0, 0]);
  const clip = (value, most) => Math.max(0, Math.min(most - 1, value));
  const focus = [clip(last[0], rows.length), clip(last[1], columns.length)]; // columns come and go with the threshold
  const move = event => {
    const step = { ArrowUp: [-1, 0], ArrowDown: [1, 0], ArrowLeft: [0, -1], ArrowRight: [0, 1], Home: [0, -columns.length], End: [0, columns.length] }[event.key];
    if (!step) return;
    event.preventDefault();
    const next = [clip(focus[0] + step[0], rows.length), clip(focus[1] + step[1], columns.length)];
    setFocus(next);
    event.currentTarget.querySelector(`[data-cell="${next[0]}-${next[1]}"]`)?.focus();
  };
  const sums = counts.map(row => row.reduce((a, b) => a + b, 0));
  return html`<p class="soft">${caption}</p><div class=${`table matrix ${columns.length <= 4 ? 'few' : ''}`} onKeyDown=${move}><table>
    <caption class="sr-only">${caption}</caption>
    <thead><tr><th scope="col" class="corner"><span class="soft">${t('evaluate.truthTold')}</span></th>
      ${columns.map((name, c) => html`<th key=${c} scope="col" title=${name}><span class=${columns.length > 4 ? 'turned' : ''}><bdi>${name}</bdi></span></th>`)}</tr></thead>
    <tbody>${rows.map((name, r) => html`<tr key=${r}><th scope="row" title=${name}><bdi>${name}</bdi></th>
      ${columns.map((told, c) => {
        const part = sums[r] ? counts[r][c] / sums[r] : 0;
        const chosen = selected && selected[0] === r && selected[1] === c;
        const tone = r === c ? '--accent' : '--bad';
        return html`<td key=${c}><button class="plain cell" data-cell=${`${r}-${c}`}
          style=${counts[r][c] ? { background: `color-mix(in srgb, var(${tone}) ${Math.round(6 + 40 * part)}%, var(--card))` } : { background: 'transparent' }}
          tabindex=${focus[0] === r && focus[1] === c ? 0 : -1} aria-pressed=${String(Boolean(chosen))}
          aria-label=${t('evaluate.cell', { truth: name, told, n: counts[r][c] })} onFocus=${() => setFocus([r, c])} onClick=${() => onCell(r, c)}
          >${share ? (sums[r] ? percent(part, 0) : '–') : counts[r][c] ? number(counts[r][c]) : html`<span class="zero">0</span>`}</button></td>`;
      })}</tr>`)}</tbody></table></div>`;
}
