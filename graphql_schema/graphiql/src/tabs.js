// The tabs of a first visit: examples/NN-name.graphql in the order of their names, each with the
// variables of examples/NN-name.json where there is one. A tab's title is its operation's name.
const queries = import.meta.glob("../examples/*.graphql", { query: "?raw", import: "default", eager: true });
const variables = import.meta.glob("../examples/*.json", { query: "?raw", import: "default", eager: true });

export const examples = Object.keys(queries)
  .sort()
  .map((path) => ({
    query: queries[path].trimEnd(),
    variables: variables[path.replace(/graphql$/, "json")]?.trimEnd(),
  }));

// The tab that is open at first: the one that was open at the end of the last visit, else the first
// example. GraphiQL opens the right tab by itself, but leaves its variables out.
export function openingTab() {
  try {
    const { tabs, activeTabIndex } = JSON.parse(localStorage.getItem("graphiql:tabState"));
    return tabs[activeTabIndex];
  } catch {
    return examples[0];
  }
}
