// A model that restores images: validation images before and after.
import { html } from '/lib/preact.js';
import { get } from '/base/api.js';
import { load, t } from '/base/i18n.js';
import { useLoaded } from '/base/store.js';
import { Examples, Metrics } from '/parts/examples.js';
import { Failure } from '/parts/states.js';

await load('evaluate-made');

export default function Restoration({ run, text = 'restoration' }) {
  const { value, error, again } = useLoaded(() => get('/api/model', { model: run }), [run]);
  return html`${error && html`<${Failure} error=${error} again=${again} />`}
    <${Metrics} metrics=${value?.metrics} />
    <h2>${t('evaluate-made.examples')}</h2>
    <p class="soft">${t(`evaluate-made.${text}`)}</p>
    <${Examples} run=${run} />`;
}
