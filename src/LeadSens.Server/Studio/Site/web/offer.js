// The bar that offers a newer shipped version to a workspace that has its own of a shipped workflow.
import { make, when } from './dom.js';

const passedOver = offer => `leadsens.offer.${offer.definitionId}.${offer.newerSince}`;

// Above the list: which workflows have one.
export async function listOffers(bar, pageOf) {
  const answer = await fetch('/api/workflows');
  if (!answer.ok) return;
  const newer = (await answer.json()).items.filter(item => item.newerSince && !localStorage.getItem(passedOver(item)));
  if (newer.length === 0) return;
  const links = newer.flatMap((item, index) => [index ? ', ' : '', make('a', { href: pageOf(item.definitionId) }, item.name ?? item.definitionId)]);
  bar.replaceChildren(make('p', {}, 'A newer version came with LeadSens of: ', ...links, '. Yours stays in service until you take it.'));
  bar.hidden = false;
}

// Above the editor: what it changes, and taking it.
export async function showOffer(bar, definitionId, mayEdit, change) {
  const answer = await fetch(`/api/workflows/${encodeURIComponent(definitionId)}/newer`);
  if (answer.status !== 200) return;
  const offer = await answer.json();
  if (localStorage.getItem(passedOver(offer))) return;
  const buttons = mayEdit ? [take('Take it as a draft', false), take('Take it into service', true)] : [];
  const later = make('button', { type: 'button', title: 'Do not offer this version again' }, 'Keep mine');
  later.addEventListener('click', () => { localStorage.setItem(passedOver(offer), '1'); bar.hidden = true; });
  bar.replaceChildren(
    make('p', {}, `A newer version of “${offer.name ?? definitionId}” came with LeadSens on ${when(offer.newerSince)}. Yours stays as it is; the versions that you have remain in the history.`),
    make('details', {}, make('summary', {}, 'See it'),
      sentences('What is new', offer.news), sentences('What you changed', offer.edits),
      make('a', { href: URL.createObjectURL(new Blob([JSON.stringify(offer.definition, null, 2)], { type: 'application/json' })), download: `${definitionId}.json` }, 'Download the newer version')),
    make('div', { className: 'buttons' }, ...buttons, later));
  bar.hidden = false;

  function take(label, publish) {
    const button = make('button', { type: 'button', className: publish ? '' : 'first' }, label);
    button.addEventListener('click', async () => {
      button.disabled = true;
      const taken = await change(`/api/workflows/${encodeURIComponent(definitionId)}/adopt`, { publish });
      if (taken.ok) location.reload();
      else bar.append(make('p', { className: 'problem' }, (await taken.json()).detail ?? 'It could not be taken.'));
    });
    return button;
  }
}

function sentences(title, said) {
  return said.length === 0 ? null : make('div', {}, make('h2', {}, title), make('ul', {}, ...said.map(sentence => make('li', {}, sentence))));
}
