// A model as it is called; one that is a list of layers by their number, with the list where the pointer rests on it.
import { html } from '/lib/preact.js';
import { t } from '/base/i18n.js';

const LONGEST = 40;

export function modelName(model) {
  const layers = model.split(',').length;
  return layers > 2 && model.length > LONGEST ? t('frame.layers', { n: layers }) : model;
}

export function Model({ model }) {
  const name = modelName(model);
  return html`<bdi title=${name === model ? undefined : model}>${name}</bdi>`;
}
