'use strict';

const id = name => document.getElementById(name);
let token = '';
let models = [];
let file = null;
let run = 0;

function headers(more) {
  return token ? { ...more, Authorization: 'Bearer ' + token } : more;
}

function say(text, wrong) {
  id('state').textContent = text;
  id('state').classList.toggle('wrong', Boolean(wrong));
}

async function sentence(response) {
  try {
    return (await response.json()).detail || response.statusText;
  } catch (e) {
    return 'status ' + response.status;
  }
}

async function ask(path, options) {
  const response = await fetch(path, { ...options, headers: headers(options.headers || {}) });
  if (!response.ok) {
    throw new Error(await sentence(response));
  }
  return response;
}

function chosen() {
  return models[id('model').selectedIndex];
}

async function load() {
  const response = await fetch('/models', { headers: headers({}) });
  id('access').hidden = response.status !== 401;
  if (!response.ok) {
    say(await sentence(response), true);
    return;
  }
  models = (await response.json()).models;
  id('model').replaceChildren(...models.map(model => {
    const option = document.createElement('option');
    option.textContent = model.version ? model.name + ' ' + model.version : model.name;
    return option;
  }));
  say(models.length ? '' : 'No model is served yet.');
  show();
}

function path(model) {
  return model.version ? model.path + '/versions/' + encodeURIComponent(model.version) : model.path;
}

function show() {
  const model = chosen();
  clear();
  if (!model) {
    return;
  }
  const facts = [model.task];
  if (model.width) {
    facts.push(model.width + ' × ' + model.height + ' pixels');
  }
  if (model.classes.length) {
    facts.push(model.classes.length + ' classes: ' + model.classes.slice(0, 6).join(', ') + (model.classes.length > 6 ? ', …' : ''));
  }
  if (model.failure) {
    facts.push(model.failure);
  }
  id('about').textContent = facts.join(' · ');
  const makes = model.does === 'generate';
  id('drop').hidden = makes;
  id('wishes').hidden = !makes;
  id('actions').hidden = makes || !file;
  id('explain').hidden = model.does !== 'predict';
  id('class').replaceChildren(...['all in turn', ...model.classes].map(name => {
    const option = document.createElement('option');
    option.textContent = name;
    return option;
  }));
  id('curl').textContent = examples(model).join('\n');
  if (file && !makes) {
    answer();
  }
}

function examples(model) {
  const base = location.origin;
  const auth = token || !id('access').hidden ? ' -H "Authorization: Bearer $TOKEN"' : '';
  const curl = 'curl' + auth;
  if (model.does === 'generate') {
    const one = model.classes.length ? '&class=' + encodeURIComponent(model.classes[0]) : '';
    return [
      `${curl} "${base}${model.path}?count=4${one}" -o made.png`,
      `${curl} -N -H "Accept: text/event-stream" "${base}${model.path}?count=4"`];
  }
  if (model.does === 'restore') {
    return [`${curl} -T photo.jpg ${base}${model.path} -o restored.png`];
  }
  if (model.does === 'find') {
    return [`${curl} -T photo.jpg "${base}${model.path}?top=5"`];
  }
  return [
    `${curl} -T photo.jpg ${base}${model.path}`,
    `${curl} -F image=@photo.jpg -F image=@other.jpg ${base}${model.path}`,
    ...(model.drawn ? [`${curl} -T photo.jpg -H "Accept: image/png" ${base}${model.path} -o drawn.png`] : []),
    `${curl} -T photo.jpg ${base}/explain/${model.name} -o why.png`,
    `${curl} ${base}/v2/models/${model.name}`];
}

function clear() {
  run++;
  id('images').replaceChildren();
  id('answer').replaceChildren();
  id('raw').hidden = true;
}

function figure(source, caption) {
  const box = document.createElement('figure');
  const image = document.createElement('img');
  image.onload = () => image.classList.toggle('small', image.naturalWidth < 160);
  image.src = source;
  image.alt = caption;
  const text = document.createElement('figcaption');
  text.textContent = caption;
  box.append(image, text);
  id('images').append(box);
  return image;
}

function row(name, share, value) {
  const line = document.createElement('div');
  line.className = 'row';
  const label = document.createElement('span');
  label.textContent = name;
  const meter = document.createElement('meter');
  meter.max = 1;
  meter.value = Math.max(0, Math.min(1, share));
  const number = document.createElement('span');
  number.textContent = value;
  line.append(label, share === null ? document.createElement('span') : meter, number);
  id('answer').append(line);
}

function rows(prediction) {
  for (const one of prediction.top || prediction.objects || prediction.regions || prediction.matches || []) {
    const share = one.probability ?? one.score ?? one.share ?? one.similarity;
    row(one.label && one.file ? one.label + '  ' + one.file : one.label || one.file, share, share.toFixed(3));
  }
  for (const one of prediction.values || []) {
    row(one.name, null, Number(one.value).toPrecision(5));
  }
}

function raw(value) {
  id('json').textContent = JSON.stringify(value, (key, one) =>
    typeof one === 'string' && one.length > 400 ? one.slice(0, 100) + '…' : one, 2);
  id('raw').hidden = false;
}

async function answer() {
  const model = chosen();
  clear();
  const mine = run;
  id('actions').hidden = false;
  say('asking ' + model.name + ' …');
  const started = performance.now();
  try {
    figure(URL.createObjectURL(file), file.name);
    if (model.does === 'restore') {
      const response = await ask(model.path, { method: 'PUT', body: file });
      const restored = URL.createObjectURL(await response.blob());
      if (mine === run) {
        figure(restored, 'restored');
      }
    } else {
      const response = await ask(path(model), { method: 'PUT', body: file, headers: { Accept: 'application/json' } });
      const value = await response.json();
      if (mine === run) {
        rows(value.predictions ? value.predictions[0] : value);
        raw(value);
      }
      if (model.does === 'predict') {
        await drawn(model, mine);
      }
    }
    if (mine === run) {
      say(Math.round(performance.now() - started) + ' ms');
    }
  } catch (e) {
    if (mine === run) {
      say(e.message, true);
    }
  }
}

/** The answer in the image, for models whose answers have a place. */
async function drawn(model, mine) {
  const response = await fetch(path(model), { method: 'PUT', body: file, headers: headers({ Accept: 'image/png' }) });
  if (response.ok && mine === run) {
    model.drawn = true;
    id('curl').textContent = examples(model).join('\n');
    figure(URL.createObjectURL(await response.blob()), 'answer');
  }
}

async function explain() {
  const mine = run;
  say('explaining …');
  id('explain').disabled = true;
  try {
    const response = await ask('/explain/' + chosen().name, { method: 'PUT', body: file, headers: { Accept: 'image/png' } });
    const source = URL.createObjectURL(await response.blob());
    if (mine === run) {
      figure(source, 'what decided');
      say('');
    }
  } catch (e) {
    say(e.message, true);
  } finally {
    id('explain').disabled = false;
  }
}

async function generate() {
  const model = chosen();
  clear();
  const mine = run;
  const wishes = new URLSearchParams({ count: id('count').value });
  if (id('class').selectedIndex > 0) {
    wishes.set('class', id('class').value);
  }
  if (id('seed').value) {
    wishes.set('seed', id('seed').value);
  }
  id('generate').disabled = true;
  say('generating …');
  try {
    const response = await ask(model.path + '?' + wishes, { headers: { Accept: 'text/event-stream' } });
    const reader = response.body.pipeThrough(new TextDecoderStream()).getReader();
    let rest = '';
    let preview = null;
    for (let piece = await reader.read(); !piece.done && mine === run; piece = await reader.read()) {
      const events = (rest + piece.value).split('\n\n');
      rest = events.pop();
      for (const event of events) {
        preview = happened(event, preview);
      }
    }
  } catch (e) {
    say(e.message, true);
  } finally {
    id('generate').disabled = false;
  }
}

function happened(event, preview) {
  const kind = /^event: (.*)$/m.exec(event)[1];
  const data = JSON.parse(/^data: (.*)$/m.exec(event)[1]);
  if (kind === 'step') {
    const source = 'data:image/png;base64,' + data.image;
    say('step ' + data.step + ' of ' + data.of);
    if (!preview) {
      return figure(source, 'so far');
    }
    preview.src = source;
  } else if (kind === 'image') {
    if (preview) {
      preview.parentElement.remove();
    }
    figure('data:image/png;base64,' + data.image, data.label || '' + data.index);
    return null;
  } else if (kind === 'end') {
    say(data.count + (data.count === 1 ? ' image' : ' images'));
  } else if (kind === 'error') {
    say(data.detail, true);
  }
  return preview;
}

function take(files) {
  if (files.length) {
    file = files[0];
    answer();
  }
}

id('access').addEventListener('submit', event => {
  event.preventDefault();
  token = id('token').value.trim();
  load();
});
id('model').addEventListener('change', show);
id('file').addEventListener('change', () => take(id('file').files));
id('again').addEventListener('click', answer);
id('explain').addEventListener('click', explain);
id('generate').addEventListener('click', generate);
id('drop').addEventListener('click', () => id('file').click());
id('drop').addEventListener('keydown', event => {
  if (event.key === 'Enter' || event.key === ' ') {
    event.preventDefault();
    id('file').click();
  }
});
for (const kind of ['dragover', 'dragenter']) {
  id('drop').addEventListener(kind, event => {
    event.preventDefault();
    id('drop').classList.add('over');
  });
}
id('drop').addEventListener('dragleave', () => id('drop').classList.remove('over'));
id('drop').addEventListener('drop', event => {
  event.preventDefault();
  id('drop').classList.remove('over');
  take(event.dataTransfer.files);
});
load();
