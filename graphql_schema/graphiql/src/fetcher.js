// Sends an operation to the service that served the page.
export async function fetcher({ query, variables, operationName }, { headers } = {}) {
  // Just after a change of tabs GraphiQL still gives the name of the operation in the tab before.
  const isNamed = query.includes(` ${operationName}`);
  let response, text;
  try {
    response = await fetch("/graphql", {
      method: "POST",
      headers: {
        "accept": "application/graphql-response+json, application/json",
        "content-type": "application/json",
        ...headers,
      },
      body: JSON.stringify({ query, variables, operationName: isNamed ? operationName : undefined }),
    });
    text = await response.text();
  } catch {
    return failed(`The service does not answer: is it running at ${location.origin}?`);
  }
  try {
    return JSON.parse(text);
  } catch {
    return failed(`The service answered ${response.status} ${response.statusText}, without JSON.`);
  }
}

function failed(message) {
  return { errors: [{ message }] };
}
