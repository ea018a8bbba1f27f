'use strict';

const API = '/api/v1';
// Up to here a download passes through the browser's memory; beyond it goes to disk or to curl.
const BLOB_LIMIT = 256 * 1024 * 1024;
const PARALLEL_UPLOADS = 3;
const PAGE = 1000;
// So many are fetched at once, to be sorted as people sort; the rest at a click.
const AT_ONCE = 3000;

const $ = id => document.getElementById(id);
// sessionStorage: the secret ends with this tab, and no address ever holds it.
const secret = {
  get: () => sessionStorage.getItem('skep.secret'),
  set: value => sessionStorage.setItem('skep.secret', value),
  drop: () => sessionStorage.removeItem('skep.secret'),
};
let me = null;
let folder = null;
let visit = 0; // counts what was opened: an answer to an earlier one is not shown

// ---- the API -------------------------------------------------------------------------------------

class Refused extends Error {
  constructor(status, problem) {
    const where = (problem.errors || []).map(e => `${e.pointer} ${e.detail}`).join('; ');
    super([problem.detail || problem.title || `The server answered ${status}.`, where].filter(Boolean).join(' – '));
    this.status = status;
  }
}

function headers(more) {
  return { ...(secret.get() ? { Authorization: `Bearer ${secret.get()}` } : {}), ...more };
}

async function send(method, path, { json, ...more } = {}) {
  let response;
  try {
    response = await fetch(API + path, {
      method,
      // Without it the browser would ask for a password by itself at a 401.
      credentials: 'omit',
      headers: headers({ ...(json === undefined ? {} : { 'Content-Type': 'application/json' }), ...more }),
      body: json === undefined ? undefined : JSON.stringify(json),
    });
  } catch {
    throw new Error('Skep does not answer. Is it running?');
  }
  if (!response.ok) {
    throw new Refused(response.status, await response.json().catch(() => ({})));
  }
  return response;
}

async function ask(method, path, options) {
  const response = await send(method, path, options);
  return response.status === 204 ? null : response.json();
}

// ---- small things --------------------------------------------------------------------------------

function element(name, attributes = {}, ...children) {
  const made = document.createElement(name);
  for (const [key, value] of Object.entries(attributes)) {
    if (key === 'onclick') made.addEventListener('click', value);
    else made.setAttribute(key, value);
  }
  // Text becomes a text node, never markup.
  made.append(...children);
  return made;
}

function icon(type) {
  const svg = document.createElementNS('http://www.w3.org/2000/svg', 'svg');
  const use = document.createElementNS('http://www.w3.org/2000/svg', 'use');
  svg.setAttribute('aria-hidden', 'true');
  use.setAttribute('href', `#icon-${type}`);
  svg.append(use);
  return svg;
}

function sizeOf(bytes) {
  if (bytes === 1) return '1 byte';
  const units = ['bytes', 'KB', 'MB', 'GB', 'TB'];
  const unit = bytes < 1000 ? 0 : Math.min(4, Math.floor(Math.log10(bytes) / 3));
  const value = bytes / 1000 ** unit;
  return `${unit === 0 || value >= 100 ? Math.round(value) : value.toFixed(1)} ${units[unit]}`;
}

const timeOf = text => new Date(text).toLocaleString([], { dateStyle: 'medium', timeStyle: 'short' });
// As people look for names: in the order of their language, numbers by their value.
const byName = new Intl.Collator(undefined, { numeric: true });
const foldersFirst = (a, b) =>
  (b.type === 'folder') - (a.type === 'folder') || byName.compare(a.name, b.name) || (a.name < b.name ? -1 : 1);
const encoded = names => names.map(encodeURIComponent).join('/');

// Characters that nobody sees, or that turn the order of others around, make one name look like another.
const MISLEADING = /[\p{Cc}\p{Cf}\p{Zl}\p{Zp}\p{Co}\p{Cn}\u034f\u115f\u1160\u17b4\u17b5\u2800\u3164\uffa0\ufe00-\ufe0f]|(?! )\p{Zs}|^ | $/gu;
const JOINED = /[\p{Extended_Pictographic}\p{Emoji_Modifier}\ufe0f]|(?![\0-\u02ff])\p{L}|\p{M}/u;

// Joiners are part of emoji and of many scripts; there they stay what they are.
function joins(name, at, mark) {
  if (!'\u200c\u200d\ufe0f'.includes(mark)) return false;
  const before = [...name.slice(0, at)].at(-1) || '';
  const after = mark === '\ufe0f' ? before : [...name.slice(at + mark.length)][0] || '';
  return (JOINED.test(before) || (mark === '\ufe0f' && /[#*0-9]/.test(before))) && (JOINED.test(after) || mark === '\ufe0f');
}

function shownName(name) {
  const parts = [];
  let from = 0;
  for (const { 0: mark, index } of name.matchAll(MISLEADING)) {
    if (joins(name, index, mark)) continue;
    const code = `U+${mark.codePointAt(0).toString(16).toUpperCase().padStart(4, '0')}`;
    parts.push(name.slice(from, index), element('span', { class: 'mark', title: 'A character that cannot be seen' }, code));
    from = index + mark.length;
  }
  return element('bdi', {}, ...parts, name.slice(from));
}

function say(text, { error = false, undo = null } = {}) {
  const message = $('message');
  message.hidden = !text;
  message.classList.toggle('error', error);
  message.setAttribute('role', error ? 'alert' : 'status');
  message.firstElementChild.replaceChildren(text);
  $('undo').hidden = !undo;
  $('undo').onclick = undo;
}

// Nothing to tell; a removal can still be undone, also from another folder.
function quiet() {
  if ($('undo').hidden) say('');
}

function failed(error) {
  if (error.status === 401 && me) {
    signedOut();
    say('Your session has ended. Sign in again.', { error: true });
    return;
  }
  say(error.message, { error: true });
}

// Runs what a click or key began, and tells what went wrong.
const attempt = work => async event => {
  event?.preventDefault?.();
  quiet();
  try {
    await work(event);
  } catch (error) {
    failed(error);
  }
};

function nameFrom(label, value) {
  const dialog = $('ask');
  $('ask-label').textContent = label;
  $('ask-name').value = value;
  dialog.returnValue = '';
  dialog.showModal();
  const dot = value.lastIndexOf('.');
  $('ask-name').setSelectionRange(0, dot > 0 ? dot : value.length);
  return new Promise(done => dialog.addEventListener(
    'close', () => done(dialog.returnValue === 'ok' ? $('ask-name').value : null), { once: true }));
}

// ---- signing in and out --------------------------------------------------------------------------

const byPassword = attempt(async () => {
  const made = await ask('POST', '/sessions', { json: { name: $('name').value.trim(), password: $('password').value } });
  await begin(made.token);
});

const bySecret = attempt(() => begin($('secret').value.trim()));

async function begin(token) {
  secret.set(token);
  try {
    me = await ask('GET', '/me');
  } catch (error) {
    secret.drop();
    throw error;
  }
  $('by-password').reset();
  $('by-secret').reset();
  $('user').textContent = me.displayName || me.name;
  $('who').hidden = $('drive').hidden = false;
  $('sign-in').hidden = true;
  $('curl').open = false;
  await showWorkspaces();
  await open();
}

function signedOut() {
  secret.drop();
  me = folder = null;
  visit++;
  say('');
  $('who').hidden = $('drive').hidden = true;
  $('sign-in').hidden = false;
  $('curl').open = true;
  $('list').tBodies[0].replaceChildren();
  curlLines();
  $('name').focus();
}

// Whatever the server says, the secret leaves this browser.
const signOut = attempt(async () => {
  let left = '';
  try {
    await send('DELETE', '/sessions/current');
  } catch (error) {
    // 404: an access token, which no sign-out ends; 401: it has ended already.
    if (error.status === 404) left = 'Signed out here. The access token stays valid until it expires or is revoked.';
    else if (error.status !== 401) left = `Signed out here, but the session may still be open: ${error.message}`;
  }
  location.hash = '';
  signedOut();
  say(left);
});

// ---- where we are: #/workspace/folder/… ----------------------------------------------------------

function place() {
  try {
    const names = location.hash.replace(/^#\/?/, '').split('/').filter(Boolean).map(decodeURIComponent);
    return names.length ? names : ['home'];
  } catch {
    return ['home'];
  }
}

const link = names => `#/${encoded(names)}`;

async function showWorkspaces() {
  const list = $('workspaces');
  const items = [];
  try {
    for (let cursor = ''; cursor !== undefined;) {
      const page = await ask('GET', `/workspaces?limit=1000${cursor && `&cursor=${encodeURIComponent(cursor)}`}`);
      items.push(...page.items);
      cursor = page.nextCursor;
    }
  } catch (error) {
    // An access token with scopes opens content only.
    if (error.status !== 403) throw error;
  }
  const own = ws => ws.slug === 'home';
  items.sort((a, b) => own(b) - own(a));
  list.replaceChildren(...items.map(ws => element('li', {},
    element('a', { href: link([ws.slug]), 'data-slug': ws.slug }, element('bdi', {}, ws.slug === 'home' ? 'Home' : ws.name || ws.slug)))));
  list.hidden = items.length < 2;
}

async function open() {
  const mine = ++visit;
  const names = place();
  for (const a of $('workspaces').querySelectorAll('a')) {
    if (a.dataset.slug === names[0]) a.setAttribute('aria-current', 'true');
    else a.removeAttribute('aria-current');
  }
  $('crumbs').replaceChildren(...names.map((name, i) => {
    const text = i === 0 && name === 'home' ? element('bdi', {}, 'Home') : shownName(name);
    return i === names.length - 1
      ? element('li', { 'aria-current': 'page' }, text)
      : element('li', {}, element('a', { href: link(names.slice(0, i + 1)) }, text));
  }));
  document.title = `${names.at(-1) === 'home' ? 'Home' : names.at(-1)} – Skep`;
  curlLines();
  folder = null;
  $('tools').hidden = true;
  $('empty').hidden = $('more').hidden = true;
  $('list').tBodies[0].replaceChildren();
  const node = await ask('GET', `/nodes/lookup?path=${encodeURIComponent(`/${names.join('/')}`)}`);
  if (mine !== visit) return;
  if (node.type !== 'folder') {
    location.hash = link(names.slice(0, -1));
    return;
  }
  folder = { ...node, names, children: [] };
  $('tools').hidden = !node.rights.includes('write');
  await children();
}

async function children(cursor) {
  const of = folder;
  const enough = of.children.length + AT_ONCE;
  do {
    const page = await ask('GET', `/nodes/${of.id}/children?limit=${PAGE}${cursor ? `&cursor=${encodeURIComponent(cursor)}` : ''}`);
    if (of !== folder) return;
    of.children.push(...page.items);
    cursor = page.nextCursor;
  } while (cursor && of.children.length < enough);
  of.children.sort(foldersFirst);
  $('list').tBodies[0].replaceChildren(...of.children.map(row));
  $('list').hidden = of.children.length === 0;
  $('empty').hidden = of.children.length > 0;
  $('more').hidden = !cursor;
  $('more').onclick = attempt(() => children(cursor));
}

function row(node) {
  const modified = node.clientModifiedAt || node.modifiedAt;
  const name = shownName(node.name);
  const names = [...folder.names, node.name];
  const opener = node.type === 'folder'
    ? element('a', { href: link(names), class: 'folder' }, icon('folder'), name)
    : element('button', { type: 'button', title: 'Download', onclick: attempt(() => download(node, names)) }, icon('file'), name);
  const actions = element('td', { class: 'actions' });
  if (node.rights.includes('write')) {
    actions.append(element('button', { type: 'button', 'aria-label': `Rename ${node.name}`, onclick: attempt(() => rename(node)) }, 'Rename'));
  }
  if (node.rights.includes('delete')) {
    actions.append(element('button', { type: 'button', 'aria-label': `Delete ${node.name}`, onclick: attempt(event => remove(node, event.target.closest('tr'))) }, 'Delete'));
  }
  return element('tr', {},
    element('td', { class: 'name' }, opener),
    element('td', { class: 'size' }, node.size === undefined ? '' : sizeOf(node.size)),
    element('td', { class: 'modified' }, element('time', { datetime: modified }, timeOf(modified))),
    actions);
}

// ---- what one can do with a file -----------------------------------------------------------------

async function download(node, names) {
  if (node.size <= BLOB_LIMIT) {
    say(`Downloading ${node.name} …`);
    const blob = await (await send('GET', `/nodes/${node.id}/content`)).blob();
    const url = URL.createObjectURL(blob);
    element('a', { href: url, download: node.name }).click();
    setTimeout(() => URL.revokeObjectURL(url), 60_000);
    say('');
    return;
  }
  if (!window.showSaveFilePicker) {
    // A link cannot carry the Authorization header, and no address may carry the secret.
    say(`${node.name} is too large for this browser to fetch. With curl: ${curl(`-o ${quoted(node.name)} ${fileUrl(names)}`)}`);
    return;
  }
  let file;
  try {
    file = await window.showSaveFilePicker({ suggestedName: node.name });
  } catch (error) {
    if (error.name === 'AbortError') return;
    throw error;
  }
  say(`Downloading ${node.name} …`);
  const response = await send('GET', `/nodes/${node.id}/content`);
  await response.body.pipeTo(await file.createWritable());
  say(`${node.name} is downloaded.`);
}

async function rename(node) {
  const name = await nameFrom('New name', node.name);
  if (!name || name === node.name) return;
  await ask('PATCH', `/nodes/${node.id}`, {
    json: { name }, 'Content-Type': 'application/merge-patch+json', 'If-Match': `"${node.revision}"` });
  await open();
}

// The row stays where it is: if the list moved up, the second click of a double click would delete the next one.
async function remove(node, tr) {
  tr.querySelectorAll('button').forEach(button => { button.disabled = true; });
  try {
    await send('DELETE', `/nodes/${node.id}`);
  } catch (error) {
    tr.querySelectorAll('button').forEach(button => { button.disabled = false; });
    throw error;
  }
  tr.classList.add('gone');
  tr.querySelector('.name').replaceChildren(shownName(node.name), ' – in the trash');
  $('crumbs').tabIndex = -1;
  $('crumbs').focus({ preventScroll: true });
  say(`“${node.name}” is in the trash.`, { undo: attempt(async () => {
    say(`Restoring “${node.name}” …`);
    await ask('POST', `/trash/${node.id}/restore`);
    say(`“${node.name}” is back.`);
    await open();
  }) });
}

const newFolder = attempt(async () => {
  const name = await nameFrom('Name of the new folder', '');
  if (!name) return;
  await ask('POST', `/nodes/${folder.id}/children`, { json: { name } });
  await open();
});

// ---- uploads -------------------------------------------------------------------------------------

async function upload(items) {
  if (!folder || items.length === 0) return;
  // An upload's own 401 would make the browser ask for a password, so a session that has ended is found here.
  await ask('GET', '/me');
  const into = folder.names;
  const total = items.reduce((sum, item) => sum + item.file.size, 0);
  const batch = { sent: new Map(), done: 0, running: new Set(), cancelled: false, failures: [] };
  const show = name => {
    const sent = [...batch.sent.values()].reduce((a, b) => a + b, 0);
    $('bar').value = total ? sent / total : batch.done / items.length;
    $('progress-text').textContent = `${batch.done} of ${items.length} uploaded · ${sizeOf(sent)} of ${sizeOf(total)}${name ? ` · ${name}` : ''}`;
  };
  $('failures').hidden = true;
  $('progress').hidden = false;
  $('upload').disabled = true;
  $('cancel').onclick = () => {
    batch.cancelled = true;
    batch.running.forEach(request => request.abort());
  };
  const queue = [...items];
  const worker = async () => {
    for (let item = queue.shift(); item && !batch.cancelled; item = queue.shift()) {
      show(item.names.at(-1));
      try {
        await put([...into, ...item.names], item.file, batch, sent => {
          batch.sent.set(item, sent);
          show(item.names.at(-1));
        });
        batch.sent.set(item, item.file.size);
        batch.done++;
      } catch (error) {
        if (!batch.cancelled) batch.failures.push(`${item.names.join('/')}: ${error.message}`);
      }
      show();
    }
  };
  await Promise.all(Array.from({ length: PARALLEL_UPLOADS }, worker));
  $('progress').hidden = true;
  $('upload').disabled = false;
  $('failures').replaceChildren(...batch.failures.map(text => element('li', {}, text)));
  $('failures').hidden = batch.failures.length === 0;
  await open();
  say(`${batch.done} of ${items.length} uploaded.${batch.cancelled ? ' The rest was cancelled.' : ''}`);
}

// XMLHttpRequest, because fetch tells nothing about the progress of an upload.
function put(names, file, batch, progress) {
  return new Promise((done, refuse) => {
    const request = new XMLHttpRequest();
    request.open('PUT', `${API}/files/${encoded(names)}`);
    const said = { 'X-OC-Mtime': Math.floor(file.lastModified / 1000) };
    for (const [name, value] of Object.entries(headers(said))) request.setRequestHeader(name, value);
    request.responseType = 'json';
    request.upload.onprogress = event => progress(event.loaded);
    request.onload = () => request.status < 300 ? done() : refuse(new Refused(request.status, request.response || {}));
    request.onerror = () => refuse(new Error('The connection was cut.'));
    request.onabort = () => refuse(new Error('Cancelled.'));
    request.onloadend = () => batch.running.delete(request);
    batch.running.add(request);
    request.send(file);
  });
}

const chosen = files => [...files].map(file => ({ file, names: [file.name] }));

// What was dropped, folders with all they hold.
async function dropped(transfer) {
  const entries = [...transfer.items].map(item => item.webkitGetAsEntry?.()).filter(Boolean);
  if (entries.length === 0) return chosen(transfer.files);
  const found = [];
  const walk = async (entry, above) => {
    const names = [...above, entry.name];
    if (entry.isFile) {
      found.push({ names, file: await new Promise((done, refuse) => entry.file(done, refuse)) });
      return;
    }
    const reader = entry.createReader();
    for (;;) {
      const some = await new Promise((done, refuse) => reader.readEntries(done, refuse));
      if (some.length === 0) return;
      for (const child of some) await walk(child, names);
    }
  };
  for (const entry of entries) await walk(entry, []);
  return found;
}

// ---- the curl lines ------------------------------------------------------------------------------

const quoted = text => /^[\w.,@%+/:=-]+$/.test(text) ? text : `'${text.replaceAll("'", "'\\''")}'`;
const fileUrl = names => quoted(`${location.origin}${API}/files/${encoded(names)}`);
const curl = rest => `curl -u ${me ? me.name : 'admin'}:$TOKEN ${rest}`;

function curlLines() {
  const here = me ? place() : ['home'];
  $('lines').textContent = [
    `TOKEN=$(curl -fsS -u ${me ? me.name : 'admin'} -X POST ${location.origin}${API}/sessions | jq -r .token)`,
    curl(`-T README.md ${fileUrl([...here, 'README.md'])}`),
    curl(`${fileUrl(here)}/`),
    curl(`-O ${fileUrl([...here, 'README.md'])}`),
  ].join('\n');
}

// ---- beginning -----------------------------------------------------------------------------------

$('by-password').addEventListener('submit', byPassword);
$('by-secret').addEventListener('submit', bySecret);
$('sign-out').addEventListener('click', signOut);
$('new-folder').addEventListener('click', newFolder);
$('upload').addEventListener('click', () => $('files').click());
$('files').addEventListener('change', attempt(async () => {
  const files = chosen($('files').files);
  $('files').value = '';
  await upload(files);
}));
// Leaving ends uploads that are under way.
window.addEventListener('beforeunload', event => {
  if ($('upload').disabled) event.preventDefault();
});
window.addEventListener('hashchange', () => me && attempt(open)());

let over = 0;
const dropping = change => document.body.classList.toggle('dropping', (over = Math.max(0, over + change)) > 0 && !$('tools').hidden);
window.addEventListener('dragenter', () => dropping(1));
window.addEventListener('dragleave', () => dropping(-1));
// Both prevented, so that a file that misses does not replace the page.
window.addEventListener('dragover', event => event.preventDefault());
window.addEventListener('drop', attempt(async event => {
  dropping(-over);
  if ($('tools').hidden || $('upload').disabled) return;
  await upload(await dropped(event.dataTransfer));
}));

if (secret.get()) begin(secret.get()).catch(error => { signedOut(); failed(error); });
else signedOut();
