// The page around Elsa Studio's elements: which element this address shows, where it leads, and what happens when the session ends.
const root = new URL('/studio/', location.origin);
const studio = document.getElementById('studio');
const notice = document.getElementById('notice');
const token = document.querySelector('meta[name=csrf-token]').content;

const [page, id] = location.pathname.slice(root.pathname.length).split('/').map(decodeURIComponent);

const open = path => location.assign(new URL(path, root));
const openDefinition = definitionId => open(`definitions/${encodeURIComponent(definitionId)}`);
const openInstance = instanceId => open(`instances/${encodeURIComponent(instanceId)}`);

const pages = {
  '': () => element('elsa-workflow-definition-list', {}, { editWorkflowDefinition: openDefinition }),
  definitions: () => element('elsa-workflow-definition-editor', { 'definition-id': id }, {}),
  instances: () => id
    ? element('elsa-workflow-instance-viewer', { 'instance-id': id }, { editWorkflowDefinition: openDefinition })
    : element('elsa-workflow-instance-list', {}, { viewWorkflowInstance: openInstance }),
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
  notice.replaceChildren(text, ' ');
  if (href) notice.append(Object.assign(document.createElement('a'), { href, textContent: label }));
  notice.hidden = false;
}

// The elements show nothing when a call is refused, and cannot tell the page that a run began: both are seen here.
const ask = window.fetch;
window.fetch = async (...request) => {
  const answer = await ask(...request);
  if (answer.status === 401) tell('Your session has ended.', `sign-in?returnUrl=${encodeURIComponent(location.pathname)}`, 'Sign in again');
  const instance = answer.headers.get('x-elsa-workflow-instance-id');
  if (instance) tell('The workflow was started.', new URL(`instances/${instance}`, root), 'Watch it');
  return answer;
};

document.getElementById('sign-out').addEventListener('click', async () => {
  await ask(new URL('sign-out', root), { method: 'POST', headers: { 'X-CSRF-Token': token } });
  open('sign-in');
});
document.querySelector(`#bar a[data-page="${page === 'instances' ? page : 'definitions'}"]`).setAttribute('aria-current', 'page');

const backend = document.createElement('elsa-backend-provider');
backend.setAttribute('remote-endpoint', new URL('/elsa/api', location.origin));
// A header of the backend's own choice on each of its calls: ours says that the call comes from this page.
backend.setAttribute('tenant-id-header-name', 'X-CSRF-Token');
backend.setAttribute('tenant-id', token);
studio.append(backend, (pages[page] ?? pages[''])());
