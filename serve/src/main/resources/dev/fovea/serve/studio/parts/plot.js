// Small charts of values from 0 to 1: precision against recall, confidence against how often it is right.
import { html } from '/lib/preact.js';
import { number, percent, t } from '/base/i18n.js';

const SIZE = 300;
const PAD = 40;
const INNER = SIZE - PAD - 12;
const TICKS = [0, 0.25, 0.5, 0.75, 1];
const x = value => PAD + value * INNER;
const y = value => 12 + (1 - value) * INNER;

function Axes({ across, up, children, label }) {
  return html`<svg class="plot01" viewBox=${`0 0 ${SIZE} ${SIZE}`} role="img" aria-label=${label}>
    ${TICKS.map(at => html`<g key=${at}>
      <line class="grid" x1=${x(0)} x2=${x(1)} y1=${y(at)} y2=${y(at)} /><line class="grid" x1=${x(at)} x2=${x(at)} y1=${y(0)} y2=${y(1)} />
      <text x=${PAD - 5} y=${y(at) + 4} text-anchor="end">${number(at, 2)}</text><text x=${x(at)} y=${SIZE - PAD + 14} text-anchor="middle">${number(at, 2)}</text></g>`)}
    <text x=${x(0.5)} y=${SIZE - 6} text-anchor="middle">${across}</text>
    <text transform=${`translate(10 ${y(0.5)}) rotate(-90)`} text-anchor="middle">${up}</text>
    ${children}</svg>`;
}

/** curve: {score, precision, recall} as lists; the mark stands at `point`, {precision, recall}, or else at the threshold, if any. */
export function PrecisionRecall({ curve, threshold = null, point = null, name }) {
  const points = curve.recall.map((recall, i) => `${x(recall)},${y(curve.precision[i])}`);
  let at = -1;
  if (threshold !== null) curve.score.forEach((score, i) => { if (score >= threshold) at = i; });
  const mark = point ?? (at >= 0 ? { precision: curve.precision[at], recall: curve.recall[at] } : null);
  const shown = points.length > 0 && mark !== null && mark.recall !== null;
  const first = points.length ? [`${x(0)},${y(curve.precision[0])}`] : [];
  return html`<figure class="chart"><figcaption>${t('evaluate.pr')} · <bdi>${name}</bdi></figcaption>
    <${Axes} across=${t('evaluate.recall')} up=${t('evaluate.precision')} label=${t('evaluate.prOf', { name })}>
      <polyline class="line" points=${[...first, ...points].join(' ')} />
      ${shown && html`<circle class="mark" cx=${x(mark.recall)} cy=${y(mark.precision)} r="5"><title>${t('evaluate.atThreshold')}</title></circle>`}
    <//>
    <p class="soft">${points.length === 0 ? t('evaluate.noCurve')
      : shown ? html`${point ? t('evaluate.asAnswered') : html`${t('evaluate.atThreshold')} ${number(threshold, 2)}`}: ${t('evaluate.precision')} ${percent(mark.precision)}, ${t('evaluate.recall')} ${percent(mark.recall)}`
      : t('evaluate.nothingAt')}</p></figure>`;
}

/** bins: [{low, high, confidence, accuracy, count}]. */
export function Calibration({ bins, error }) {
  const filled = bins.filter(one => one.count > 0);
  const most = Math.max(1, ...bins.map(one => one.count));
  return html`<figure class="chart"><figcaption>${t('evaluate.calibration')}</figcaption>
    <${Axes} across=${t('evaluate.confidence')} up=${t('evaluate.rightShare')} label=${t('evaluate.calibrationOf', { error: percent(error) })}>
      <line class="diagonal" x1=${x(0)} y1=${y(0)} x2=${x(1)} y2=${y(1)} />
      ${filled.map(one => html`<rect key=${one.low} class="bin" x=${x(one.low) + 1} width=${x(one.high) - x(one.low) - 2} y=${y(one.accuracy)} height=${y(0) - y(one.accuracy)}
        ><title>${t('evaluate.bin', { low: percent(one.low, 0), high: percent(one.high, 0), n: one.count, right: percent(one.accuracy) })}</title></rect>`)}
      ${filled.map(one => html`<circle key=${one.low} class="dot" cx=${x(one.confidence)} cy=${y(one.accuracy)} r=${2 + 4 * Math.sqrt(one.count / most)} />`)}
    <//>
    <details><summary>${t('evaluate.numbers')}</summary><div class="table" role="region" tabindex="0" aria-label=${t('evaluate.calibration')}><table>
      <thead><tr><th scope="col">${t('evaluate.confidence')}</th><th scope="col" class="number">${t('evaluate.rightShare')}</th><th scope="col" class="number">${t('evaluate.count')}</th></tr></thead>
      <tbody>${filled.map(one => html`<tr key=${one.low}><td>${percent(one.low, 0)} – ${percent(one.high, 0)}</td><td class="number">${percent(one.accuracy)}</td><td class="number">${number(one.count)}</td></tr>`)}</tbody>
    </table></div></details></figure>`;
}
