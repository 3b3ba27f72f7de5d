// Small things that the pages share.
export function make(tag, properties = {}, ...children) {
  const element = Object.assign(document.createElement(tag), properties);
  element.append(...children.filter(child => child !== null));
  return element;
}

const moment = new Intl.DateTimeFormat(undefined, { dateStyle: 'medium', timeStyle: 'short' });
const clock = new Intl.DateTimeFormat(undefined, { timeStyle: 'short' });

// The time of day where it is today, else with the date.
export function when(text) {
  const time = new Date(text);
  return (time.toDateString() === new Date().toDateString() ? clock : moment).format(time);
}

// Roughly how long, in the largest unit that fits.
export function span(from, to) {
  const seconds = Math.max(0, Math.round((to - from) / 1000));
  const [size, unit] = [[86400, 'day'], [3600, 'hour'], [60, 'minute'], [1, 'second']].find(([size]) => seconds >= size) ?? [1, 'second'];
  const count = Math.floor(seconds / size);
  return `${count} ${unit}${count === 1 ? '' : 's'}`;
}
