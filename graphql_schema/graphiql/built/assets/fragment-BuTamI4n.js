// Takes the API key of a link, /graphql#key=ID.SECRET, out of the address. A script of its own that the page
// waits for: nobody sees, copies or bookmarks the key while the rest is being loaded, and nothing else runs
// where the address still has it. The server never gets to know what stands behind a #.
(() => {
  function take() {
    const key = new URLSearchParams(location.hash.slice(1)).get("key");
    if (key === null) return;
    history.replaceState(null, "", location.pathname + location.search);
    if (/^[\w-]+\.[\w-]+$/.test(key)) sessionStorage.setItem("customer-graph:key", key);
  }

  take();
  addEventListener("hashchange", take); // a link that is opened where the page is open already
})();
