// A model that restores images: what it makes of them, by how much they are nearer to the clean ones.
import { html } from '/lib/preact.js';
import { load, t } from '/base/i18n.js';
import { Measured } from '/parts/measured.js';
import { Study } from '/parts/study.js';

await load('evaluate-made');

export default function Restoration({ run, about, params, text = 'restoration' }) {
  return html`<${Study} run=${run} about=${about} params=${params}>${(summary, study) => html`<${Measured} summary=${summary} study=${study} params=${params} lead=${t(`evaluate-made.${text}`)} />`}<//>`;
}
