// The page on which the token of a studio for other machines is typed: it is sent in a body, never in an address.
import { load, t } from '/base/i18n.js';

await load('login');
const at = id => document.getElementById(id);
at('label').textContent = t('login.label');
at('enter').textContent = t('login.enter');
at('token').focus();
at('login').addEventListener('submit', async event => {
  event.preventDefault();
  at('state').textContent = '';
  try {
    const answer = await fetch('/api/login', {
      method: 'POST',
      headers: { 'Content-Type': 'application/json' },
      body: JSON.stringify({ token: at('token').value.trim() }),
    });
    if (answer.ok) {
      location.reload();
    } else {
      const texts = { 401: 'login.wrong', 429: 'login.tooMany' };
      at('state').textContent = texts[answer.status] ? t(texts[answer.status]) : (await answer.json()).detail;
    }
  } catch {
    at('state').textContent = t('login.unreachable');
  }
});
