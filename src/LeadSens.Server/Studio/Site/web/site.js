// The page around Elsa Studio's elements: which element this address shows, where it leads, and what happens when the session ends.
import { make } from './dom.js';
import { listOffers, showOffer } from './offer.js';
import { showWaits } from './waits.js';

const root = new URL('/studio/', location.origin);
const studio = document.getElementById('studio');
const notice = document.getElementById('notice');
const setting = name => document.querySelector(`meta[name=${name}]`).content;
const token = setting('csrf-token');
const mayEdit = setting('may-edit') === 'true';

const [page, id] = location.pathname.slice(root.pathname.length).split('/').map(decodeURIComponent);

const address = path => new URL(path, root);
const open = path => location.assign(address(path));
const definitionPage = definitionId => address(`definitions/${encodeURIComponent(definitionId)}`);
const instancePage = instanceId => address(`instances/${encodeURIComponent(instanceId)}`);

const pages = {
  '': () => element('elsa-workflow-definition-list', {}, { editWorkflowDefinition: definitionId => location.assign(definitionPage(definitionId)) }),
  definitions: () => element('elsa-workflow-definition-editor', { 'definition-id': id }, {}),
  instances: () => id
    ? element('elsa-workflow-instance-viewer', { 'instance-id': id }, { editWorkflowDefinition: definitionId => location.assign(definitionPage(definitionId)) })
    : element('elsa-workflow-instance-list', {}, { viewWorkflowInstance: instanceId => location.assign(instancePage(instanceId)) }),
};

function element(name, attributes, callbacks) {
  const made = document.createElement(name);
  for (const [key, value] of Object.entries(attributes)) made.setAttribute(key, value);
  // Before the element is defined, what is set on it is lost.
  customElements.whenDefined(name).then(() => {
    document.getElementById('loading')?.remove();
    Object.assign(made, callbacks);
  });
  return made;
}

function tell(text, href, label) {
  notice.replaceChildren(text, ' ', href ? make('a', { href }, label) : '');
  notice.hidden = false;
}

// The elements show nothing when a call is refused, and cannot tell the page that a run began: both are seen here.
const ask = window.fetch;
window.fetch = async (...request) => {
  const answer = await ask(...request);
  if (answer.status === 401) tell('Your session has ended.', `sign-in?returnUrl=${encodeURIComponent(location.pathname)}`, 'Sign in again');
  const instance = answer.headers.get('x-elsa-workflow-instance-id');
  if (instance) tell('The workflow was started.', instancePage(instance), 'Watch it');
  return answer;
};

const change = (path, body) => fetch(path, { method: 'POST', headers: { 'Content-Type': 'application/json', 'X-CSRF-Token': token }, body: JSON.stringify(body) });

// Studio's elements are as high as the window without its own bar; here that is all that stands above them.
new ResizeObserver(() => studio.style.setProperty('--mud-appbar-height', `${studio.offsetTop}px`)).observe(studio);

document.getElementById('sign-out').addEventListener('click', async () => {
  await change(address('sign-out'), {});
  open('sign-in');
});
document.querySelector(`#bar a[data-page="${page === 'instances' ? page : 'definitions'}"]`).setAttribute('aria-current', 'page');
document.title = `${id ?? (page === 'instances' ? 'Instances' : 'Workflows')} · LeadSens`;

const backend = document.createElement('elsa-backend-provider');
backend.setAttribute('remote-endpoint', new URL('/elsa/api', location.origin));
// A header of the backend's own choice on each of its calls: ours says that the call comes from this page.
backend.setAttribute('tenant-id-header-name', 'X-CSRF-Token');
backend.setAttribute('tenant-id', token);
studio.append(backend, (pages[page] ?? pages[''])());

if (page === 'instances' && id) {
  const retry = () => change('/elsa/api/alterations/workflows/retry', { workflowInstanceIds: [id] });
  showWaits(document.getElementById('waits'), id, instancePage, mayEdit ? retry : null);
}
else if (page === 'definitions') showOffer(document.getElementById('offer'), id, mayEdit, change);
else if (!page) listOffers(document.getElementById('offer'), definitionPage);
