// The strip above the viewer: which box waits, for what, since when, until when; and what holds the run as a whole.
import { make, span, when } from './dom.js';

const every = 2000;
const shown = 4;

export async function showWaits(strip, instanceId, pageOf) {
  let last = '';
  for (;;) {
    if (!document.hidden) {
      const answer = await fetch(`/api/workflow-instances/${encodeURIComponent(instanceId)}/waits`).catch(() => null);
      if (answer && !answer.ok) return;
      const text = await answer?.text();
      // Redrawn although nothing changed: the spans grow.
      if (text) last = text;
      if (last) draw(strip, JSON.parse(last), pageOf);
      if (last && JSON.parse(last).status === 'Finished') return;
    }
    await new Promise(resolve => setTimeout(resolve, every));
  }
}

function draw(strip, found, pageOf) {
  const lines = [];
  if (found.held) lines.push(make('li', { className: 'problem' }, found.held));
  for (const wait of found.waits.slice(0, shown)) lines.push(line(wait, pageOf));
  if (found.waits.length > shown) lines.push(make('li', {}, `and ${found.waits.length - shown} more boxes`));
  const list = make('ul', {}, ...lines);
  if (strip.innerHTML !== list.outerHTML) strip.replaceChildren(list);
  strip.hidden = lines.length === 0;
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
