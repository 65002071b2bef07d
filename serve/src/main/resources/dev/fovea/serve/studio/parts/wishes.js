// What is chosen for one of several models, in the address of the page.
import { setParams, useAddress } from '/base/router.js';

/**
 * The choices for a model: [values, set]. `usual` are the values that hold where nothing is chosen; numbers stay numbers. What the address
 * says of the model alone (name@model) goes before what it says of all (name); what is chosen is said of the model alone where several
 * are shown. Usual values are left out of the address.
 */
export function useWishes(model, usual) {
  const { params } = useAddress();
  const own = name => `${name}@${model}`;
  const values = Object.fromEntries(Object.entries(usual).map(([name, value]) => [name, read(params.get(own(name)) ?? params.get(name), value)]));
  const set = changes => {
    const alone = params.getAll('model').length < 2;
    const all = {};
    for (const [name, value] of Object.entries(changes)) {
      if (alone) {
        all[name] = value === usual[name] ? null : value;
        all[own(name)] = null;
      } else {
        all[own(name)] = value === read(params.get(name), usual[name]) ? null : value;
      }
    }
    setParams(all);
  };
  return [values, set];
}

function read(text, usual) {
  if (text === null) return usual;
  if (typeof usual !== 'number') return text;
  const value = Number(text);
  return Number.isFinite(value) ? value : usual;
}
