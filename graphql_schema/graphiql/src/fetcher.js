// Sends operations to the service that served the page.
import { heard } from "./access.js";

// No schema, and no more to say of it: the page has said why. GraphiQL would ask once more if it found no
// `data`, and show whatever this has as JSON in place of the last answer.
const NO_SCHEMA = { data: null, toJSON: () => undefined };

export const fetcherWith = (key) => async (operation, { headers } = {}) => {
  const isIntrospection = operation.operationName === "IntrospectionQuery";
  const { isSigned, code, retryAfter, answer } = await send(operation, key, headers);
  if (!isSigned) return answer;
  heard(key, { code, retryAfter, isIntrospection });
  return isIntrospection && ["UNAUTHENTICATED", "FORBIDDEN"].includes(code) ? NO_SCHEMA : answer;
};

// Why the service can't be asked with the key; nothing where it can.
export async function problemWith(key) {
  const { status, code, answer } = await send({ query: "{ __typename }" }, key);
  if (code === "UNAUTHENTICATED") return "The service does not take this key: it may not be whole, or have ended.";
  if (!status || status === 429 || status >= 500) return answer.errors[0].message;
}

// isSigned: with this key or with none, rather than with what the header editor has in its place.
async function send({ query, variables, operationName }, key, headers = {}) {
  // Just after a change of tabs GraphiQL still gives the name of the operation in the tab before.
  const isNamed = query.includes(` ${operationName}`);
  const isSigned = !Object.keys(headers).some((name) => name.toLowerCase() === "authorization");
  let response, text;
  try {
    response = await fetch("/graphql", {
      method: "POST",
      headers: {
        "accept": "application/graphql-response+json, application/json",
        "content-type": "application/json",
        ...(isSigned && key && { authorization: `Bearer ${key}` }),
        ...headers,
      },
      body: JSON.stringify({ query, variables, operationName: isNamed ? operationName : undefined }),
    });
    text = await response.text();
  } catch {
    return { isSigned, answer: failed(`The service does not answer: is it running at ${location.origin}?`) };
  }
  const answer = read(text) ?? failed(`The service answered ${response.status} ${response.statusText}, without JSON.`);
  return {
    isSigned,
    answer,
    status: response.status,
    code: answer.errors?.[0]?.extensions?.code,
    retryAfter: Number(response.headers.get("retry-after")),
  };
}

function read(text) {
  try {
    return JSON.parse(text);
  } catch {
    return null;
  }
}

function failed(message) {
  return { errors: [{ message }] };
}
