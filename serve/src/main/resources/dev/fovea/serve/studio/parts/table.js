// A table that is sorted by clicking a column head.
import { html } from '/lib/preact.js';

/**
 * columns: [{id, title, value: row => sortable, cell: row => shown, number: true}], rows: [{key, ...}]; sort is
 * {by, down}, kept by the caller (best in the address), onSort is given the next one.
 */
export function Table({ caption, columns, rows, sort = {}, onSort = () => {}, rowKey = row => row.key, rowClass = () => '' }) {
  const column = columns.find(one => one.id === sort.by);
  const sorted = column ? [...rows].sort(order(column, sort.down)) : rows;
  return html`<div class="table" role="region" aria-label=${caption} tabindex="0"><table>
    <caption class="sr-only">${caption}</caption>
    <thead><tr>${columns.map(
      one => html`<th key=${one.id} scope="col" class=${one.number ? 'number' : ''}
        aria-sort=${one.id === sort.by ? (sort.down ? 'descending' : 'ascending') : undefined}>
        ${one.value
          ? html`<button class="plain" onClick=${() => onSort({ by: one.id, down: one.id === sort.by ? !sort.down : !!one.number })}>
              ${one.title}<span aria-hidden="true">${one.id === sort.by ? (sort.down ? ' ↓' : ' ↑') : ''}</span></button>`
          : one.title}
      </th>`,
    )}</tr></thead>
    <tbody>${sorted.map(
      row => html`<tr key=${rowKey(row)} class=${rowClass(row)}>${columns.map(
        one => html`<td key=${one.id} class=${one.number ? 'number' : ''}>${one.cell ? one.cell(row) : one.value(row)}</td>`,
      )}</tr>`,
    )}</tbody>
  </table></div>`;
}

function order(column, down) {
  return (a, b) => {
    const [x, y] = [column.value(a), column.value(b)];
    const none = v => v === null || v === undefined || Number.isNaN(v) || v === '';
    if (none(x) || none(y)) return none(x) - none(y); // what has no value comes last in either order
    const way = typeof x === 'number' && typeof y === 'number' ? x - y : String(x).localeCompare(String(y), undefined, { numeric: true });
    return down ? -way : way;
  };
}
