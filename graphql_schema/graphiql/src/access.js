// Who this tab is signed in as, and what the service has said to that.
//
// The key is kept in sessionStorage: it is there after a reload, no other tab gets it, and it goes with the
// tab. localStorage would keep it for good, for whoever opens this browser next.
import { useSyncExternalStore } from "react";

const STORED = "customer-graph:key"; // fragment.js puts it there too

// needed: the service has asked for a key. refused: the id of the key that it took no longer.
// asking: the dialogue is open. undocumented: the key may not read the schema. retryAt: when the service,
// which had too much to do, wants to be asked again.
let state = { key: stored(), needed: false, refused: null, asking: false, undocumented: false, retryAt: null };
const listeners = new Set();

export const useAccess = () => useSyncExternalStore(subscribe, () => state);

export const publicPart = (key) => key.split(".")[0];

// The key in what somebody pasted, which may be the whole link.
export function keyIn(text) {
  const key = text.trim().replace(/^.*#key=/, "");
  return /^[\w-]+\.[\w-]+$/.test(key) ? key : null;
}

export function signIn(key) {
  store(key);
  change({ key, refused: null, asking: false, undocumented: false, retryAt: null });
}

// Loads the page anew, without the answers and the documentation that the key gave.
export function signOut() {
  store(null);
  location.reload();
}

export const ask = () => change({ asking: true });
export const stopAsking = () => change({ asking: false });

// What the service answered to a request with this key, or with none.
export function heard(key, { code, retryAfter, isIntrospection }) {
  if (key !== state.key) return; // somebody has signed in meanwhile
  if (code === "UNAUTHENTICATED") {
    store(null);
    const refused = key ? publicPart(key) : state.refused;
    change({ key: null, needed: true, refused, asking: true, undocumented: false, retryAt: null });
    return;
  }
  if (isIntrospection) change({ undocumented: code === "FORBIDDEN" });
  change({ retryAt: retryAfter ? new Date(Date.now() + retryAfter * 1000) : null });
}

function change(changes) {
  state = { ...state, ...changes };
  for (const listener of listeners) listener();
}

function subscribe(listener) {
  listeners.add(listener);
  return () => listeners.delete(listener);
}

// A browser may refuse to store anything: then the key lasts until the next reload.
function stored() {
  try {
    return sessionStorage.getItem(STORED);
  } catch {
    return null;
  }
}

function store(key) {
  try {
    key ? sessionStorage.setItem(STORED, key) : sessionStorage.removeItem(STORED);
  } catch {}
}

// After fragment.js, which has taken the key of the link.
addEventListener("hashchange", () => {
  const key = stored();
  if (key && key !== state.key) signIn(key);
});
