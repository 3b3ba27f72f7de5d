// The strip above the viewer: which box waits, for what, since when, until when; what holds the run as a whole; which boxes faulted.
import { make, span, when } from './dom.js';

const every = 2000;
const shown = 4;

export async function showWaits(strip, instanceId, pageOf, retry) {
  let last = '';
  for (;;) {
    if (!document.hidden) {
      const answer = await fetch(`/api/workflow-instances/${encodeURIComponent(instanceId)}/waits`).catch(() => null);
      if (answer && !answer.ok) return;
      const text = await answer?.text();
      // Redrawn although nothing changed: the spans grow.
      if (text) last = text;
      if (last) draw(strip, JSON.parse(last), pageOf, retry);
      if (last && JSON.parse(last).status === 'Finished') return;
    }
    await new Promise(resolve => setTimeout(resolve, every));
  }
}

function draw(strip, found, pageOf, retry) {
  const lines = [];
  if (found.held) lines.push(make('li', { className: 'problem' }, found.held));
  for (const wait of found.waits.slice(0, shown)) lines.push(line(wait, pageOf));
  if (found.waits.length > shown) lines.push(make('li', {}, `and ${found.waits.length - shown} more boxes`));
  for (const fault of found.faults.slice(0, shown)) lines.push(make('li', { className: 'problem' }, make('strong', {}, fault.box), ` faulted at ${when(fault.at)}: ${fault.message}`));
  const list = make('ul', {}, ...lines);
  // Not redrawn for nothing: somebody may be about to press the button.
  if (strip.querySelector('ul')?.outerHTML !== list.outerHTML)
    strip.replaceChildren(list, ...(found.faults.length > 0 && retry ? [again(retry)] : []));
  strip.hidden = lines.length === 0;
}

function again(retry) {
  const button = make('button', { type: 'button' }, 'Run what faulted again');
  button.addEventListener('click', async () => {
    button.disabled = true;
    await retry();
    location.reload();
  });
  return button;
}

function line(wait, pageOf) {
  const now = new Date(), since = new Date(wait.since), until = wait.until && new Date(wait.until);
  const times = `Since ${when(wait.since)} (${span(since, now)})` + (until ? `, until ${when(wait.until)}${until > now ? ` (in ${span(now, until)})` : ''}.` : '.');
  return make('li', { className: wait.problem ? 'problem' : '' },
    make('strong', {}, wait.box), ` waits for ${wait.for}. `,
    wait.problem ? make('em', {}, `${wait.problem} `) : null,
    make('small', {}, times),
    wait.kind.startsWith('child') && wait.id ? make('a', { href: pageOf(wait.id) }, 'Open it') : null);
}
