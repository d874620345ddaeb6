// What GraphiQL keeps in localStorage, without what was typed as headers: there may be a key among them.
// GraphiQL leaves them out of its tabs unless it is told otherwise, but not out of its history.
const HEADERS = "graphiql:headers";
// What stands in place of them: a tab must have some, an entry of the history need not.
const LEFT = { "graphiql:tabState": null, "graphiql:queries": undefined, "graphiql:favorites": undefined };

export const storage = {
  getItem: (name) => localStorage.getItem(name),
  setItem: (name, value) => {
    if (name !== HEADERS) localStorage.setItem(name, name in LEFT ? withoutHeaders(value, LEFT[name]) : value);
  },
  removeItem: (name) => localStorage.removeItem(name),
  get length() {
    return names().length;
  },
  clear: () => names().forEach((name) => localStorage.removeItem(name)),
};

const names = () => Object.keys(localStorage).filter((name) => name.startsWith("graphiql:"));

const withoutHeaders = (json, left) =>
  JSON.stringify(JSON.parse(json), (name, value) => (name === "headers" ? left : value));

// What earlier visits have left.
try {
  localStorage.removeItem(HEADERS);
  for (const name of names()) storage.setItem(name, storage.getItem(name));
} catch {} // where a browser stores nothing, or something else was stored, GraphiQL begins anew
