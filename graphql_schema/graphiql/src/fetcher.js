// Sends an operation to the service that served the page.
export async function fetcher({ query, variables, operationName }, { headers } = {}) {
  // Just after a change of tabs GraphiQL still gives the name of the operation in the tab before.
  const isNamed = query.includes(` ${operationName}`);
  const response = await fetch("/graphql", {
    method: "POST",
    headers: {
      "accept": "application/graphql-response+json, application/json",
      "content-type": "application/json",
      ...headers,
    },
    body: JSON.stringify({ query, variables, operationName: isNamed ? operationName : undefined }),
  });
  const text = await response.text();
  try {
    return JSON.parse(text);
  } catch {
    const message = `The service answered ${response.status} ${response.statusText}, without JSON.`;
    return { errors: [{ message, extensions: { status: response.status } }] };
  }
}
